import { decodeGray16Png, type Gray16Image } from '@opposable/drawing';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { depthFault, type Fault } from './depth-fault.js';
import { checkSampleConformance } from '../../conformance/check-sample-conformance.js';
import { checkConcurrency, concurrentMap } from '../concurrent-map.js';
import { decodeImage } from '../images/read-image.js';
import { realPathInside } from '../inside-root.js';
import { openPreparedDataset, type PreparedDataset } from '../prepared/open-prepared-dataset.js';
import { drawSheet, type SheetOptions } from './draw-sheet.js';

const OPERATION = 'validateDataset';
const KEPT_PROBLEMS = 100;

export interface ValidateDatasetOptions {
  /** Draws contact sheets of random samples, one per split. */
  readonly sheets?: SheetOptions | undefined;
  /** Images checked at the same time. Default 8. */
  readonly concurrency?: number | undefined;
  /** Called after every sample. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was found in a split. */
export interface SplitValidation {
  readonly count: number;
  readonly masks: number;
  readonly depths: number;
  readonly with3d: number;
  readonly withMano: number;
  /** Samples with a fault, by its kind. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface DatasetValidation {
  readonly splits: Readonly<Record<string, SplitValidation>>;
  /** Samples with at least one fault, and what is wrong with the splits' files as a whole. */
  readonly faults: number;
  /** How many sentences there would be. */
  readonly problemCount: number;
  /** The first hundred of them. */
  readonly problems: readonly string[];
  /** Contact sheets that were drawn. */
  readonly sheets: readonly string[];
}

/** Undefined for a file that cannot be read, of which its records tell. */
async function hashOfFile(root: string, name: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(await realPathInside(root, name, OPERATION)))
      hash.update(chunk as Buffer);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

interface OpenedDataset {
  readonly dataset: PreparedDataset;
  /** Places of the samples whose image or annotation is malformed, by split. */
  readonly malformed: ReadonlyMap<string, ReadonlySet<number>>;
  /** How much is wrong with a split's file as a whole. */
  readonly fileFaults: ReadonlyMap<string, number>;
}

async function openWithFaults(path: string, note: (message: string) => void): Promise<OpenedDataset> {
  const malformed = new Map<string, Set<number>>();
  const fileFaults = new Map<string, number>();
  const dataset = await openPreparedDataset(path, {
    onFault(split, { index, message }) {
      note(message);
      if (index === undefined) fileFaults.set(split, (fileFaults.get(split) ?? 0) + 1);
      else malformed.set(split, (malformed.get(split) ?? new Set()).add(index));
    },
  });
  return { dataset, malformed, fileFaults };
}

interface Sized {
  readonly width: number;
  readonly height: number;
}

async function faultsOfFile<T extends Sized>(
  dataset: PreparedDataset,
  name: string,
  sha256: string | undefined,
  size: Sized,
  decode: (bytes: Uint8Array, name: string) => T | Promise<T>,
  look: (decoded: T) => Fault[] = () => [],
): Promise<Fault[]> {
  const faults: Fault[] = [];
  try {
    const path = await realPathInside(dataset.root, name, OPERATION);
    const bytes = await readFile(path);
    if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
      faults.push(['hash', `${name} is not the file that was written: its SHA-256 differs`]);
    }
    const decoded = await decode(bytes, name);
    const { width, height } = decoded;
    if (width !== size.width || height !== size.height) {
      faults.push(['size', `${name} has ${width} × ${height} pixels instead of ${size.width} × ${size.height}`]);
    } else faults.push(...look(decoded));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    faults.push(missing ? ['missing', `${name} is not there`] : ['image', (cause as Error).message]);
  }
  return faults;
}

async function faultsOfSample(dataset: PreparedDataset, split: string, i: number): Promise<Fault[]> {
  const image = dataset.imageRecord(split, i);
  const annotation = dataset.annotation(split, i);
  const faults = await faultsOfFile(dataset, image.file_name, image.sha256, image, decodeImage);
  if (image.mask_file_name !== undefined) {
    faults.push(...(await faultsOfFile(dataset, image.mask_file_name, image.mask_sha256, image, decodeImage)));
  }
  if (image.depth_file_name !== undefined) {
    const { depth_file_name: name, depth_sha256: sha256, depth_offset: offset = 0 } = image;
    const look = (map: Gray16Image): Fault[] => depthFault({ ...map, offset }, annotation, name);
    faults.push(...(await faultsOfFile(dataset, name, sha256, image, decodeGray16Png, look)));
  }
  for (const { check, message } of checkSampleConformance({ ...annotation, image }).problems) {
    faults.push([check, `${annotation.id}: ${message}`]);
  }
  return faults;
}

/**
 * Checks a prepared dataset: that every record is well-formed, every file there, unchanged (SHA-256) and an image of the
 * right size, and that every annotation is plausible (`checkSampleConformance`); draws random samples to look at.
 *
 * @param path folder of the dataset
 * @returns what was found; faults are counted, not thrown
 * @throws DatasetError if there is no dataset.json of a prepared dataset
 */
export async function validateDataset(path: string, options: ValidateDatasetOptions = {}): Promise<DatasetValidation> {
  const { sheets, onProgress, signal } = options;
  const concurrency = checkConcurrency(options.concurrency, OPERATION);
  const problems: string[] = [];
  let problemCount = 0;
  const note = (message: string): void => {
    if (problemCount++ < KEPT_PROBLEMS) problems.push(message);
  };
  const { dataset, malformed, fileFaults } = await openWithFaults(path, note);
  const total = dataset.splits.reduce((sum, split) => sum + dataset.count(split), 0);
  let faulty = 0;
  let done = 0;
  const splits: Record<string, SplitValidation> = {};
  const drawn: string[] = [];
  for (const split of dataset.splits) {
    const { annotations, sha256 } = dataset.info.splits[split]!;
    const faults: Record<string, number> = {};
    let ofFile = fileFaults.get(split) ?? 0;
    const hash = await hashOfFile(dataset.root, annotations);
    if (hash !== undefined && hash !== sha256) {
      ofFile++;
      note(`${annotations} is not the file that was written: its SHA-256 differs`);
    }
    const unsound = malformed.get(split) ?? new Set<number>();
    if (ofFile > 0) faults['annotations'] = ofFile;
    if (unsound.size > 0) faults['malformed'] = unsound.size;
    faulty += ofFile + unsound.size;
    const count = dataset.count(split);
    const sound = Array.from({ length: count }, (_, i) => i).filter((i) => !unsound.has(i));
    done += count - sound.length;
    const found = { count, masks: 0, depths: 0, with3d: 0, withMano: 0, faults };
    for await (const sample of concurrentMap(
      sound.length,
      (i) => faultsOfSample(dataset, split, sound[i]!),
      concurrency,
    )) {
      signal?.throwIfAborted();
      if (sample.length > 0) faulty++;
      for (const kind of new Set(sample.map(([name]) => name))) faults[kind] = (faults[kind] ?? 0) + 1;
      for (const [, message] of sample) note(message);
      onProgress?.(++done, total);
    }
    for (const i of sound) {
      const { keypoints3d, mano } = dataset.annotation(split, i);
      const { mask_file_name: mask, depth_file_name: depth } = dataset.imageRecord(split, i);
      if (mask !== undefined) found.masks++;
      if (depth !== undefined) found.depths++;
      if (keypoints3d !== undefined) found.with3d++;
      if (mano !== undefined) found.withMano++;
    }
    splits[split] = found;
    const sheet = sheets && (await drawSheet(dataset, split, sheets, sound));
    if (sheet !== undefined) drawn.push(sheet);
  }
  return { splits, faults: faulty, problemCount, problems, sheets: drawn };
}

import { decodeGray16Png, type Gray16Image } from '@opposable/drawing';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** Samples with at least one fault, and files that are not what dataset.json says. */
  readonly faults: number;
  /** The first hundred, in words. */
  readonly problems: readonly string[];
  /** Contact sheets that were drawn. */
  readonly sheets: readonly string[];
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
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
 * Checks a prepared dataset: that every file is there, unchanged (SHA-256), an image of the right size, and that every
 * annotation is plausible (`checkSampleConformance`); draws random samples to look at.
 *
 * @param path folder of the dataset
 * @returns what was found; faults are counted, not thrown
 * @throws DatasetError if it is no prepared dataset
 */
export async function validateDataset(path: string, options: ValidateDatasetOptions = {}): Promise<DatasetValidation> {
  const { sheets, onProgress, signal } = options;
  const dataset = await openPreparedDataset(path);
  const concurrency = checkConcurrency(options.concurrency, OPERATION);
  const total = dataset.splits.reduce((sum, split) => sum + dataset.count(split), 0);
  const problems: string[] = [];
  const note = (message: string): void => {
    if (problems.length < KEPT_PROBLEMS) problems.push(message);
  };
  let faulty = 0;
  let done = 0;
  const splits: Record<string, SplitValidation> = {};
  const drawn: string[] = [];
  for (const split of dataset.splits) {
    const { annotations, sha256 } = dataset.info.splits[split]!;
    const faults: Record<string, number> = {};
    if ((await hashOfFile(join(dataset.root, annotations))) !== sha256) {
      faulty++;
      faults['annotations'] = 1;
      note(`${annotations} is not the file that was written: its SHA-256 differs`);
    }
    const count = dataset.count(split);
    const found = { count, masks: 0, depths: 0, with3d: 0, withMano: 0, faults };
    for await (const sample of concurrentMap(count, (i) => faultsOfSample(dataset, split, i), concurrency)) {
      signal?.throwIfAborted();
      if (sample.length > 0) faulty++;
      for (const kind of new Set(sample.map(([name]) => name))) faults[kind] = (faults[kind] ?? 0) + 1;
      for (const [, message] of sample) note(message);
      onProgress?.(++done, total);
    }
    for (let i = 0; i < count; i++) {
      const { keypoints3d, mano } = dataset.annotation(split, i);
      const { mask_file_name: mask, depth_file_name: depth } = dataset.imageRecord(split, i);
      if (mask !== undefined) found.masks++;
      if (depth !== undefined) found.depths++;
      if (keypoints3d !== undefined) found.with3d++;
      if (mano !== undefined) found.withMano++;
    }
    splits[split] = found;
    const sheet = sheets && (await drawSheet(dataset, split, sheets));
    if (sheet !== undefined) drawn.push(sheet);
  }
  return { splits, faults: faulty, problems, sheets: drawn };
}

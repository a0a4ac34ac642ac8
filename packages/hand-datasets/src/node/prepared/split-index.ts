import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { datasetError } from '../../dataset-error.js';
import { SplitCheck, type SplitRecord } from '../../prepared/check-split.js';
import type { AnnotationRecord, ImageRecord } from '../../prepared/schema.js';
import { realPathInside } from '../inside-root.js';
import { scanJsonBatches } from '../json/scan-json.js';
import { Spans } from '../json/spans.js';

/** Records read ahead of the one that is asked for: they are mostly asked for in order. */
const BLOCK = 256;

/** A split's COCO file, checked once, of which only the places of its records are held. */
export interface SplitIndex {
  readonly count: number;
  /** Image and annotation `i`. @throws DatasetError if the file is no longer what it was */
  record(i: number): SplitRecord;
}

/**
 * Reads a split's file once, checks every record, and notes where they lie.
 *
 * @param root the dataset's folder
 * @param file the split's file in it
 * @param count records that dataset.json promises
 * @throws DatasetError naming file, record and key of what is missing, malformed or outside the folder
 */
export async function indexSplit(root: string, file: string, count: number, operation: string): Promise<SplitIndex> {
  const path = join(root, file);
  await realPathInside(root, file, operation);
  const spans = { images: new Spans(), annotations: new Spans() };
  const check = new SplitCheck(path, operation);
  const isRecord = ([key]: readonly (string | number)[]): boolean => key === 'images' || key === 'annotations';
  for await (const entries of scanJsonBatches(path, { depth: 2, select: isRecord, operation })) {
    for (const { path: keys, value, start, end } of entries) {
      const [list, i] = keys as [keyof typeof spans, number];
      if (list === 'images') check.image(value, i);
      else check.annotation(value, i);
      spans[list].push(start, end);
    }
  }
  check.count(count, [spans.images.count, spans.annotations.count]);

  const readBlock = (descriptor: number, places: Spans, first: number, last: number): unknown[] => {
    const base = places.at(first)[0];
    const bytes = Buffer.allocUnsafe(places.at(last - 1)[1] - base);
    readSync(descriptor, bytes, 0, bytes.length, base);
    return Array.from({ length: last - first }, (_, k) => {
      const [start, end] = places.at(first + k);
      return JSON.parse(bytes.toString('utf8', start - base, end - base)) as unknown;
    });
  };
  let block: { readonly first: number; readonly records: readonly SplitRecord[] } | undefined;
  const load = (first: number): NonNullable<typeof block> => {
    const last = Math.min(count, first + BLOCK);
    const descriptor = openSync(path, 'r');
    try {
      const images = readBlock(descriptor, spans.images, first, last) as ImageRecord[];
      const annotations = readBlock(descriptor, spans.annotations, first, last) as AnnotationRecord[];
      return { first, records: images.map((image, k) => ({ image, annotation: annotations[k]! })) };
    } catch (cause) {
      throw datasetError(operation, `${path} has changed since it was opened`, { cause });
    } finally {
      closeSync(descriptor);
    }
  };
  return {
    count,
    record(i) {
      const first = i - (i % BLOCK);
      if (block?.first !== first) block = load(first);
      return block.records[i - first]!;
    },
  };
}

import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '@opposable/tensor-checks';
import { datasetError } from '../../dataset-error.js';
import { SplitCheck, type SplitRecord } from '../../prepared/check-split.js';
import type { AnnotationRecord, ImageRecord } from '../../prepared/schema.js';
import { realPathInside } from '../inside-root.js';
import { scanJsonBatches } from '../json/scan-json.js';
import { Spans } from '../json/spans.js';

/** Records that are read together when they are asked for in order. A training asks for them in any order, one by one. */
const BLOCK = 256;

/** A split's COCO file, checked once, of which only the places of its records are held. */
export interface SplitIndex {
  readonly count: number;
  /** Image and annotation `i`. @throws DatasetError if the file is no longer what it was */
  record(i: number): SplitRecord;
}

/** What is wrong with a record of a split's file, or with the file. */
export interface SplitFault {
  /** Place of the record; undefined for the file as a whole. */
  readonly index: number | undefined;
  readonly message: string;
}

export interface IndexSplitOptions {
  /** Records that dataset.json promises. */
  readonly count: number;
  /** In whose name errors speak. */
  readonly operation: string;
  /**
   * Told of every fault, where it would otherwise be thrown. There are as many samples as records of both lists then, and
   * those told of cannot be asked for.
   */
  readonly onFault?: ((fault: SplitFault) => void) | undefined;
}

/**
 * Reads a split's file once, checks every record, and notes where they lie.
 *
 * @param root the dataset's folder
 * @param file the split's file in it
 * @throws DatasetError naming file, record and key of what is missing, malformed or outside the folder
 */
export async function indexSplit(root: string, file: string, options: IndexSplitOptions): Promise<SplitIndex> {
  const { count: promised, operation, onFault } = options;
  const path = join(root, file);
  const spans = { images: new Spans(), annotations: new Spans() };
  const check = new SplitCheck(path, operation);
  const isRecord = ([key]: readonly (string | number)[]): boolean => key === 'images' || key === 'annotations';
  const attempt = (index: number | undefined, action: () => void): void => {
    try {
      action();
    } catch (cause) {
      if (!onFault || !(cause instanceof DatasetError)) throw cause;
      onFault({ index, message: cause.message });
    }
  };
  const scan = async (): Promise<void> => {
    await realPathInside(root, file, operation);
    const parse = onFault ? 'lenient' : true;
    for await (const entries of scanJsonBatches(path, { depth: 2, select: isRecord, parse, operation })) {
      for (const { path: keys, value, start, end } of entries) {
        const [list, i] = keys as [keyof typeof spans, number];
        attempt(i, () => void (list === 'images' ? check.image(value, i) : check.annotation(value, i)));
        spans[list].push(start, end);
      }
    }
  };
  let failure: Error | undefined;
  await scan().catch((cause: Error) => void (failure = cause));
  attempt(undefined, () => {
    if (failure !== undefined) throw failure;
    check.count(promised, [spans.images.count, spans.annotations.count]);
  });
  const count = Math.min(spans.images.count, spans.annotations.count);

  const readBlock = (descriptor: number, places: Spans, first: number, last: number): unknown[] => {
    const base = places.at(first)[0];
    const bytes = Buffer.allocUnsafe(places.at(last - 1)[1] - base);
    readSync(descriptor, bytes, 0, bytes.length, base);
    return Array.from({ length: last - first }, (_, k) => {
      const [start, end] = places.at(first + k);
      const text = bytes.toString('utf8', start - base, end - base);
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        if (onFault) return undefined; // has been told of
        throw cause;
      }
    });
  };
  const load = (first: number, last: number): SplitRecord[] => {
    const descriptor = openSync(path, 'r');
    try {
      const images = readBlock(descriptor, spans.images, first, last) as ImageRecord[];
      const annotations = readBlock(descriptor, spans.annotations, first, last) as AnnotationRecord[];
      return images.map((image, k) => ({ image, annotation: annotations[k]! }));
    } catch (cause) {
      throw datasetError(operation, `${path} has changed since it was opened`, { cause });
    } finally {
      closeSync(descriptor);
    }
  };
  let block: { readonly first: number; readonly records: readonly SplitRecord[] } = { first: 0, records: [] };
  let next = 0;
  return {
    count,
    record(i) {
      if (block.records[i - block.first] === undefined) {
        block = { first: i, records: load(i, i === next ? Math.min(count, i + BLOCK) : i + 1) };
      }
      next = i + 1;
      return block.records[i - block.first]!;
    },
  };
}

import { ConfigError } from '@opposable/tensor-checks';
import { datasetError } from '../dataset-error.js';
import { parseJsonText } from '../json/parse-json-text.js';
import type { HandAnnotation } from '../types.js';
import { recordToAnnotation } from './annotation-record.js';
import { SplitCheck } from './check-split.js';
import { decodePreparedText, type PreparedText } from './prepared-text.js';
import type { AnnotationRecord, ImageRecord } from './schema.js';

export interface ParsePreparedSplitOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  /** Samples that dataset.json promises. */
  readonly count: number;
  /** That of dataset.json, which holds for every sample. */
  readonly keypointOrder: string;
  /** In whose name errors speak. Default 'parsePreparedSplit'. */
  readonly operation?: string | undefined;
}

/** One split of a prepared dataset, checked, without a pixel. */
export interface PreparedSplit {
  readonly count: number;
  /** Names, size and hashes of sample `i`'s files. @throws ConfigError if there is no such sample */
  imageRecord(i: number): ImageRecord;
  /** Annotation of sample `i`, a new object at each call. @throws ConfigError if there is no such sample */
  annotation(i: number): HandAnnotation;
}

/** A list at the top level of a COCO file; none is an empty one. */
function listOf(content: unknown, key: 'images' | 'annotations', file: string, operation: string): unknown[] {
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  const list = isObject ? ((content as Readonly<Record<string, unknown>>)[key] ?? []) : undefined;
  if (Array.isArray(list)) return list as unknown[];
  const where = isObject ? `at ${key}, expected a list` : 'at its top level, expected an object with images and annotations'; // prettier-ignore
  throw datasetError(operation, `${file} is not a prepared dataset's: ${where}`, { expected: 'COCO keypoint JSON' });
}

/**
 * One split's file of a prepared dataset, a COCO keypoint JSON. Touches no file: the caller has read it. All records are
 * checked at once, with the words of `openPreparedDataset`, which reads files of any size; here everything is held.
 *
 * @param content of the file, text or UTF-8
 * @param options name of the file, and what dataset.json says of it
 * @returns records and annotations on demand
 * @throws DatasetError naming file, record and key of what is missing, malformed or outside the folder
 *
 * @example
 * const info = parsePreparedInfo(await (await fetch('hands/dataset.json')).text());
 * const { annotations: file, count } = info.splits.train;
 * const text = await (await fetch(`hands/${file}`)).text();
 * const split = parsePreparedSplit(text, { file, count, keypointOrder: info.keypoint_order });
 * split.annotation(0).keypoints; // [21, 2] pixels
 */
export function parsePreparedSplit(content: PreparedText, options: ParsePreparedSplitOptions): PreparedSplit {
  const { file, count, keypointOrder, operation = 'parsePreparedSplit' } = options;
  let parsed: unknown;
  try {
    parsed = parseJsonText(decodePreparedText(content, file, operation));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw datasetError(operation, `${file} is not JSON (${cause.message})`, { cause });
  }
  const check = new SplitCheck(file, operation);
  const images: readonly ImageRecord[] = listOf(parsed, 'images', file, operation).map((value, i) =>
    check.image(value, i),
  );
  const annotations: readonly AnnotationRecord[] = listOf(parsed, 'annotations', file, operation).map((value, i) =>
    check.annotation(value, i),
  );
  check.count(count, [images.length, annotations.length]);
  const recordOf = <T>(records: readonly T[], i: number): T => {
    const record = records[i];
    if (record !== undefined) return record;
    throw new ConfigError(`${operation}: expected a sample of ${file} from 0 to ${count - 1}, got ${i}.`, {
      expected: [0, count - 1],
      actual: i,
    });
  };
  return {
    count,
    imageRecord: (i) => recordOf(images, i),
    annotation: (i) => recordToAnnotation(recordOf(annotations, i), keypointOrder),
  };
}

import type { ImageSize } from './transform/move-annotation.js';
import type { HandAnnotation } from './types.js';

/** A hand of a dataset with the names of its files instead of their pixels. */
export interface HandRecord extends HandAnnotation {
  /** Image file relative to the dataset's root, with forward slashes. */
  readonly image: string;
  /** Size that the annotations say the image has; checked when it is decoded. */
  readonly imageSize?: ImageSize | undefined;
  /** Mask file relative to the root, if the dataset has one. */
  readonly mask?: string | undefined;
}

/** A record that cannot be used, and why. */
export interface DroppedRecord {
  /** A word or two to count by: 'no keypoints', 'missing image', 'not finite', … */
  readonly dropped: string;
  /** File and record, for example `training_xyz.json: record 17`. */
  readonly where: string;
  /** What was found and what is accepted. */
  readonly message: string;
  /** False where nothing is wrong with the record, which holds no hand: it is counted, and `strict` goes on. */
  readonly isFault?: boolean | undefined;
}

/** A record that cannot be used. */
export function dropRecord(reason: string, where: string, message: string): DroppedRecord {
  return { dropped: reason, where, message };
}

export function isDropped(record: HandRecord | DroppedRecord): record is DroppedRecord {
  return 'dropped' in record;
}

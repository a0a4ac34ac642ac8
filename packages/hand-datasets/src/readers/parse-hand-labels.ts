/**
 * The CMU hand keypoint files with one JSON per image, hand_labels (MPII and New Zealand Sign Language) and
 * hand_labels_synth: `hand_pts` [21, 3] x, y, flag in pixels of the whole image, panoptic order, and `is_left`.
 *
 * Simon et al., Hand Keypoint Detection in Single Images using Multiview Bootstrapping, CVPR 2017.
 */
import type { HandRecord } from '../records.js';
import { buildRecord, splitRows } from './build-record.js';
import { isList, numberList, numberValue, objectValue, RecordProblem } from './values.js';

/** What is read of a file. */
export const HAND_LABELS_MEMBERS = ['hand_pts', 'is_left'] as const;

export interface HandLabelsFile {
  /** Name of the dataset, for the record's source. */
  readonly dataset: string;
  /** The JSON file, relative to the dataset's root. */
  readonly file: string;
  /** Its image. */
  readonly image: string;
  /** Place in the dataset. */
  readonly index: number;
}

/**
 * The hand of one JSON file.
 *
 * Only points with the flag 1 are labelled. Hands are not mirrored.
 *
 * @param value the parsed file
 * @throws RecordProblem if it does not hold 21 points and a side
 */
export function parseHandLabels(value: unknown, { dataset, file, image, index }: HandLabelsFile): HandRecord {
  const fields = objectValue(value, 'the file');
  const points = fields['hand_pts'];
  if (isList(points) && points.length !== 21) {
    throw new RecordProblem('not 21 points', `expected 21 points in hand_pts, got ${points.length}`);
  }
  const { keypoints, visibility } = splitRows(numberList(points, 63, 'hand_pts'));
  return buildRecord({
    id: `${dataset}/${file.replace(/\.json$/, '')}`,
    source: { dataset, file, index },
    image,
    side: numberValue(fields['is_left'], 'is_left') === 1 ? 'left' : 'right',
    keypointOrder: 'panoptic',
    keypoints,
    visibility,
  });
}

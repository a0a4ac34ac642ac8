/**
 * CMU Panoptic hand143: 14,817 hands of the panoptic dome in one JSON file, whose list `root` has a record per image.
 *
 * Joo et al., Panoptic Studio; Simon et al., CVPR 2017.
 */
import type { HandRecord } from '../records.js';
import { buildRecord, splitRows } from './build-record.js';
import { numberList, numberValue, objectValue, textValue } from './values.js';

/** What is read of a record. */
export const PANOPTIC_MEMBERS = ['img_paths', 'img_width', 'img_height', 'joint_self'] as const;

/** Name of a record's picture, without the folder imgs/. @throws RecordProblem if there is none */
export function panopticPicture(value: unknown): string {
  return textValue(objectValue(value, 'the record')['img_paths'], 'img_paths').replace(/^imgs\//, '');
}

/**
 * One record of the list: `joint_self` [21, 3] x, y, flag; `img_paths`, `img_width`, `img_height`.
 *
 * There is no field for the side: all are taken as right hands, as the reproductions of 3dhand do.
 *
 * @throws RecordProblem naming the field that is missing or of another size
 */
export function parsePanoptic(value: unknown, index: number, file: string): HandRecord {
  const fields = objectValue(value, 'the record');
  const path = textValue(fields['img_paths'], 'img_paths');
  const { keypoints, visibility } = splitRows(numberList(fields['joint_self'], 63, 'joint_self'));
  return buildRecord({
    id: `panoptic/${path.replace(/^imgs\//, '').replace(/\.\w+$/, '')}`,
    source: { dataset: 'panoptic', file, index },
    image: path.includes('/') ? path : `imgs/${path}`,
    imageSize: {
      width: numberValue(fields['img_width'], 'img_width'),
      height: numberValue(fields['img_height'], 'img_height'),
    },
    side: 'right',
    keypointOrder: 'panoptic',
    keypoints,
    visibility,
  });
}

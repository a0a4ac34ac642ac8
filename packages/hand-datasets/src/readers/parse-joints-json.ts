/**
 * The files of a public reproduction of 3dhand: `<split>/joints.json` with the list `image`, pictures of 320 × 320 in
 * `<split>/image`, masks of 0 and 1 in `<split>/mask`, all numbered by eight digits. Left hands were mirrored before.
 */
import { jointIndex, wristFromPalmStb } from '@opposable/keypoint-order';
import type { HandRecord } from '../records.js';
import { NumberList } from '../json/number-list.js';
import { buildRecord, splitRows } from './build-record.js';
import { isList, numberList, numberValue, objectValue, RecordProblem } from './values.js';

export interface JointsJsonPlace {
  readonly split: string;
  /** Size of the pictures. */
  readonly size: number;
  /** The file, relative to the root. */
  readonly file: string;
  /** Folder that holds image/ and mask/. */
  readonly folder: string;
  /** Place in the list. */
  readonly index: number;
  /** Whether there is a mask of this name. */
  readonly hasMask: (name: string) => boolean;
  /** Order of records without and with 3D. */
  readonly keypointOrder: string;
  readonly keypointOrder3d: string;
  /** What stands first in records in an order with a palm: the palm as written, or the wrist by 2 · palm − ring knuckle. */
  readonly root: 'wrist' | 'palm';
}

/** Places in the order 'stereo' of the two points that the wrist is made of. */
const [PALM, RING_KNUCKLE] = [jointIndex('stereo', 'wrist'), jointIndex('stereo', 'ring1')];

/** What is read of a record. */
export const JOINTS_JSON_MEMBERS = ['index', '2d_joint', '3d_joint'] as const;

/** [21, 3], or [3, 21] as the labels of STB stand in their files. */
function points3dOf(value: unknown): Float64Array {
  const numbers = numberList(value, 63, '3d_joint');
  if (!isList(value) || value.length !== 3) return numbers;
  return numbers.map((_, i) => numbers[(i % 3) * 21 + Math.floor(i / 3)]!);
}

/** Name of a picture and of its mask. */
export const jointsJsonPicture = (number: number): string => `${String(number).padStart(8, '0')}.png`;

/** Number of a record's picture. @throws RecordProblem if it has none */
export function jointsJsonNumber(value: unknown): number {
  const number = numberValue(objectValue(value, 'the record')['index'], 'index');
  if (!Number.isInteger(number) || number < 0) {
    throw new RecordProblem('bad record', `expected index to be a whole number, got ${number}`);
  }
  return number;
}

/**
 * One record: `index`, `2d_joint` [21, 3] x, y, flag in pixels of the picture, `3d_joint` [21, 3] mm where there is 3D
 * (that of STB; the mirrored frame of its left camera, whose intrinsics a crop has changed: no camera is given).
 *
 * The picture is the one with the record's `index`; `img_paths` repeats it, in some files misprinted, and is not used.
 *
 * @throws RecordProblem naming the field that is missing or of another size
 */
export function parseJointsJson(value: unknown, place: JointsJsonPlace): HandRecord {
  const { split, size, file, folder, hasMask, index } = place;
  const fields = objectValue(value, 'the record');
  const name = jointsJsonPicture(jointsJsonNumber(fields));
  const rows = fields['2d_joint'];
  const { keypoints: given, visibility } = splitRows(numberList(withFlags(rows), 63, '2d_joint'));
  let keypoints = given;
  let keypoints3d = fields['3d_joint'] === undefined ? undefined : points3dOf(fields['3d_joint']);
  const keypointOrder = keypoints3d ? place.keypointOrder3d : place.keypointOrder;
  if (keypointOrder === 'stereo' && place.root === 'wrist') {
    keypoints = wristFromPalmStb(keypoints).points;
    if (visibility[PALM] === 0 || visibility[RING_KNUCKLE] === 0) {
      visibility[PALM] = 0;
      keypoints.fill(0, 2 * PALM, 2 * PALM + 2);
    }
    keypoints3d = keypoints3d && wristFromPalmStb(keypoints3d).points;
  }
  return buildRecord({
    id: `joints-json/${split}/${name.slice(0, -'.png'.length)}`,
    source: { dataset: 'joints-json', file, index },
    image: `${folder}image/${name}`,
    imageSize: { width: size, height: size },
    mask: hasMask(name) ? `${folder}mask/${name}` : undefined,
    side: 'right',
    isMirrored: keypoints3d !== undefined,
    keypointOrder,
    keypoints,
    visibility,
    keypoints3d,
    keypoints3dValid: keypoints3d && new Uint8Array(21).fill(1),
  });
}

/** Rows x, y get a flag; other rows stay. */
function withFlags(rows: unknown): unknown {
  if (rows instanceof NumberList) {
    if (rows.width !== 2) return rows;
    const { data, length } = rows;
    const flagged = new Float64Array(3 * length).fill(1);
    for (let i = 0; i < length; i++) {
      flagged[3 * i] = data[2 * i]!;
      flagged[3 * i + 1] = data[2 * i + 1]!;
    }
    return new NumberList(flagged, length, 3);
  }
  if (!Array.isArray(rows) || !Array.isArray(rows[0]) || rows[0].length !== 2) return rows;
  return (rows as unknown[]).map((row) => (Array.isArray(row) ? [...(row as unknown[]), 1] : row));
}

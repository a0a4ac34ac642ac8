/**
 * HO-3D v2 and v3: right hands with objects, 640 × 480, one pickle a frame, in **OpenGL** camera axes.
 *
 * Hampali et al., HOnnotate: A Method for 3D Annotation of Hand and Object Poses, CVPR 2020.
 */
import { projectPerspective } from '@opposable/geometry/host';
import type { HandRecord } from '../records.js';
import type { ManoAnnotation } from '../types.js';
import { buildRecord, floatsOf } from './build-record.js';
import { arrayNumbers, type Fields, noHand, objectValue, RecordProblem } from './values.js';

const MILLIMETRES = 1000;
const SIZE = { width: 640, height: 480 };

/** Row of a frame list: sequence and number of the frame. */
export interface Ho3dFrame {
  readonly sequence: string;
  readonly frame: string;
}

/** @throws RecordProblem if the line is not `sequence/frame` */
export function parseHo3dLine(line: string): Ho3dFrame {
  const match = /^([\w-]+)\/([\w-]+)$/.exec(line.trim());
  if (match) return { sequence: match[1]!, frame: match[2]! };
  throw new RecordProblem('bad record', `expected a line sequence/frame, got ${JSON.stringify(line.trim())}`);
}

/** What is read of a file. */
export const HO3D_MEMBERS = [
  ...['handJoints3D', 'camMat', 'handPose', 'handTrans', 'handBeta', 'handBoundingBox'],
] as const;

export interface Ho3dPlace extends Ho3dFrame {
  readonly split: 'train' | 'evaluation';
  /** 'png' (v2) or 'jpg' (v3). */
  readonly extension: string;
  /** Place in the list. */
  readonly index: number;
}

const isNone = (value: unknown): boolean => value === null || value === undefined;

/**
 * x right, y up, z towards the viewer, metres → x right, y down, z away, millimetres.
 *
 * @throws RecordProblem for a point that is not in front of the camera
 */
function fromOpenGl(points: Float64Array, turned: Float64Array): void {
  for (let i = 0; i < points.length; i += 3) {
    turned[i] = points[i]! * MILLIMETRES;
    turned[i + 1] = 0 - points[i + 1]! * MILLIMETRES;
    turned[i + 2] = 0 - points[i + 2]! * MILLIMETRES;
    if (turned[i + 2]! > 0) continue;
    throw new RecordProblem('bad numbers', 'expected points in front of the camera, with z below 0 in OpenGL axes');
  }
}

function manoOf(fields: Fields): ManoAnnotation | undefined {
  if (isNone(fields['handPose']) || isNone(fields['handTrans']) || isNone(fields['handBeta'])) return undefined;
  return {
    convention: 'ho3d',
    pose: arrayNumbers(fields['handPose'], 48, 'handPose'), // the orientation stands before the fingers, as in `pose`
    betas: arrayNumbers(fields['handBeta'], 10, 'handBeta'),
    transl: arrayNumbers(fields['handTrans'], 3, 'handTrans'),
  };
}

/**
 * x1, y1, x2, y2 → x, y, width, height. The corners, and OpenGL axes, as public code for the evaluation of HO-3D reads them;
 * the README of the authors' repository does not say it.
 */
function boxOf(value: unknown): HandRecord['bbox'] | undefined {
  if (isNone(value)) return undefined;
  const [left, top, right, bottom] = Array.from(arrayNumbers(value, 4, 'handBoundingBox')) as [
    number,
    number,
    number,
    number,
  ];
  if (right > left && bottom > top) return [left, top, right - left, bottom - top];
  throw new RecordProblem('bad box', `expected handBoundingBox as x1, y1, x2, y2, got ${[left, top, right, bottom]}`);
}

/**
 * The hand of one frame: `handJoints3D` [21, 3] metres in MANO's order with the tips behind, or [3] the wrist alone
 * (evaluation), `camMat` [3, 3], `handPose` 48, `handTrans` 3, `handBeta` 10, `handBoundingBox` 4 (evaluation).
 *
 * 3D is turned into the axes of images; `mano` stays as written, in the convention 'ho3d'.
 *
 * @throws RecordProblem if the frame is not annotated (no fault), or a field has another size
 */
export function parseHo3d(value: unknown, place: Ho3dPlace): HandRecord {
  const fields = objectValue(value, 'the frame');
  const joints = fields['handJoints3D'];
  if (isNone(joints)) throw noHand('the frame is not annotated, handJoints3D is None');
  const camera = arrayNumbers(fields['camMat'], 9, 'camMat');
  const isWristAlone = (joints as { data?: ArrayLike<number> }).data?.length === 3;
  const given = arrayNumbers(joints, isWristAlone ? 3 : 63, 'handJoints3D');
  const [keypoints, keypoints3d] = floatsOf(42, 63) as [Float64Array, Float64Array];
  fromOpenGl(given, keypoints3d);
  projectPerspective(keypoints3d.subarray(0, given.length), camera, keypoints);
  const known = given.length / 3;
  const { split, sequence, frame, extension, index } = place;
  const box = boxOf(fields['handBoundingBox']);
  return buildRecord({
    id: `ho3d/${split}/${sequence}/${frame}`,
    source: { dataset: 'ho3d', file: `${split}/${sequence}/meta/${frame}.pkl`, index },
    image: `${split}/${sequence}/rgb/${frame}.${extension}`,
    imageSize: SIZE,
    side: 'right',
    keypointOrder: 'mano-raw',
    keypoints,
    visibility: new Uint8Array(21).fill(2, 0, known),
    keypoints3d,
    keypoints3dValid: new Uint8Array(21).fill(1, 0, known),
    camera,
    ...(box && { bbox: box }),
    mano: manoOf(fields),
    sequence,
  });
}

/**
 * The Stereo Hand Pose Tracking Benchmark: 12 sequences of 1500 frames of one left hand, seen by a stereo camera (BB) and a
 * depth sensor (SK).
 *
 * Zhang et al., 3D Hand Pose Tracking and Estimation Using Stereo Matching, 2016.
 */
import { type MatValue, parseMat } from '@opposable/array-files';
import { axisAngleToMatrix, projectPerspective } from '@opposable/geometry/host';
import { wristFromPalmStb } from '@opposable/keypoint-order';
import { datasetError } from '../dataset-error.js';
import type { HandRecord } from '../records.js';
import { buildRecord, floatsOf } from './build-record.js';
import { RecordProblem } from './values.js';

export const STB_CAMERAS = ['bb-left', 'bb-right', 'sk-color', 'sk-depth'] as const;
export type StbCamera = (typeof STB_CAMERAS)[number];

/** The 12 sequences: backgrounds 1–6, counting and random movements. */
export const STB_SEQUENCES: readonly string[] = [1, 2, 3, 4, 5, 6].flatMap((background) => [
  `B${background}Counting`,
  `B${background}Random`,
]);

const SIZE = { width: 640, height: 480 };
const BASELINE_MM = 120.054;

const pinhole = (fx: number, fy: number, cx: number, cy: number): Float64Array =>
  Float64Array.of(fx, 0, cx, 0, fy, cy, 0, 0, 1);
const STEREO = pinhole(822.79041, 822.79041, 318.47345, 250.31296);

/** Intrinsics in pixels of 640 × 480. */
export const STB_INTRINSICS: Readonly<Record<StbCamera, Float64Array>> = {
  'bb-left': STEREO,
  'bb-right': STEREO,
  'sk-color': pinhole(607.92271, 607.88192, 314.78337, 236.42484),
  'sk-depth': pinhole(475.62768, 474.77709, 336.41179, 238.77962),
};

/** Colour to depth camera of the depth sensor: X_depth = R · X_color + t, millimetres. */
export const STB_COLOR_TO_DEPTH = {
  rotation: axisAngleToMatrix(Float64Array.of(0.00531, -0.01196, 0.00301)),
  translation: Float64Array.of(-24.0381, -0.4563, -1.2326),
} as const;

/**
 * Points of a label file in the frame of one of its cameras.
 *
 * BB labels are in the left camera's frame: x_right = x − 120.054. SK labels are in the depth camera's:
 * X_color = Rᵀ · (X_depth − t).
 *
 * @param points [N, 3] mm as labelled
 */
export function stbToCamera(points: Float64Array, camera: StbCamera): Float64Array {
  if (camera === 'bb-left' || camera === 'sk-depth') return points.slice();
  if (camera === 'bb-right') return points.map((value, i) => (i % 3 === 0 ? value - BASELINE_MM : value));
  const { rotation: r, translation: t } = STB_COLOR_TO_DEPTH;
  const moved = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [points[i]! - t[0]!, points[i + 1]! - t[1]!, points[i + 2]! - t[2]!];
    for (let k = 0; k < 3; k++) moved[i + k] = r[k]! * x + r[3 + k]! * y + r[6 + k]! * z;
  }
  return moved;
}

/**
 * The labels of one file: variable handPara [3, 21, frames], millimetres.
 *
 * @param bytes of `<sequence>_BB.mat` or `<sequence>_SK.mat`
 * @param file name for messages
 * @returns the [21, 3] points of each frame, in the order 'stereo' with the palm centre first
 * @throws FileFormatError if it is no MAT file, DatasetError if handPara is missing or of another shape
 */
export function parseStbLabels(bytes: Uint8Array, file: string): Float64Array[] {
  const value: MatValue | undefined = parseMat(bytes)['handPara'];
  if (value?.kind !== 'numeric' || value.shape[0] !== 3 || value.shape[1] !== 21 || value.shape.length !== 3) {
    const found =
      value === undefined ? 'no such variable' : 'shape' in value ? `[${value.shape.join(', ')}]` : value.kind;
    throw datasetError('parseStbLabels', `expected a variable handPara of shape [3, 21, N] in ${file}, got ${found}`, {
      expected: [3, 21, 'N'],
      actual: found,
    });
  }
  const frames = value.shape[2]!;
  const data = value.data;
  const numbers = new Float64Array(63 * frames);
  for (let axis = 0; axis < 3; axis++) {
    for (let joint = 0; joint < 21; joint++) {
      const from = (axis * 21 + joint) * frames;
      const to = 3 * joint + axis;
      for (let frame = 0; frame < frames; frame++) numbers[63 * frame + to] = Number(data[from + frame]);
    }
  }
  return Array.from({ length: frames }, (_, frame) => numbers.subarray(63 * frame, 63 * frame + 63));
}

export interface StbPlace {
  readonly sequence: string;
  readonly camera: StbCamera;
  readonly frame: number;
  /** Label file, relative to the root. */
  readonly labels: string;
  /** Folder of the sequence's images. */
  readonly images: string;
  /** Running number over the whole benchmark. */
  readonly index: number;
  /** What stands first: the palm centre as labelled, or the wrist by the rule 2·palm − ring knuckle. */
  readonly root: 'wrist' | 'palm';
}

/** What the names of a camera's pictures begin with. */
export const STB_IMAGE_NAMES: Readonly<Record<StbCamera, string>> = {
  'bb-left': 'BB_left',
  'bb-right': 'BB_right',
  'sk-color': 'SK_color',
  'sk-depth': 'SK_depth',
};

/**
 * One image of the benchmark; all hands are left hands, all points count as visible.
 *
 * @param points [21, 3] as labelled, mm
 * @throws RecordProblem if a point is not finite or not in front of the camera
 */
export function parseStbFrame(points: Float64Array, place: StbPlace): HandRecord {
  const { camera, frame, sequence, root } = place;
  const labelled = stbToCamera(points, camera);
  const keypoints3d = root === 'wrist' ? wristFromPalmStb(labelled).points : labelled;
  for (let i = 0; i < 63; i++) {
    if (Number.isFinite(keypoints3d[i]) && (i % 3 !== 2 || keypoints3d[i]! > 0)) continue;
    throw new RecordProblem('bad numbers', 'expected finite points in front of the camera');
  }
  const [keypoints, intrinsics] = floatsOf(42, 9) as [Float64Array, Float64Array];
  intrinsics.set(STB_INTRINSICS[camera]);
  const name = `${STB_IMAGE_NAMES[camera]}_${frame}`;
  return buildRecord({
    id: `stb/${sequence}/${name}`,
    source: { dataset: 'stb', file: place.labels, index: place.index },
    image: `${place.images}/${name}.png`,
    imageSize: SIZE,
    side: 'left',
    keypointOrder: 'stereo',
    keypoints: projectPerspective(keypoints3d, intrinsics, keypoints),
    visibility: new Uint8Array(21).fill(2),
    keypoints3d,
    keypoints3dValid: new Uint8Array(21).fill(1),
    camera: intrinsics,
    sequence,
  });
}

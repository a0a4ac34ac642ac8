/**
 * The real-world set of Ge et al., 3D Hand Shape and Pose Estimation from a Single RGB Image, CVPR 2019
 * (published with hand-graph-cnn): 583 photographs of left hands with 3D joints.
 *
 *     params.mat    image_path, bbox [N, 4] x y width height, cam_param [N, 4] fx fy u0 v0 of the original frame
 *     pose_gt.mat   pose_gt [N, 21, 3] centimetres in the camera frame, panoptic order
 *     images/       crops of the boxes, resized to 256 × 256
 */
import { type MatValue, type MatNumeric, parseMat } from '@opposable/array-files';
import { projectPerspective } from '@opposable/geometry/host';
import { datasetError } from '../dataset-error.js';
import { type DroppedRecord, dropRecord } from '../records.js';
import type { HandAnnotation } from '../types.js';
import { boxOfKeypoints, floatsOf } from './build-record.js';
import { droppedBy, RecordProblem } from './values.js';

const OPERATION = 'parseGeRealworld';
const DATASET = 'ge-realworld';
/** Where a row stands, for messages. */
const FILES = 'params.mat and pose_gt.mat';
const MILLIMETRES_PER_CENTIMETRE = 10;

/** Side of every image in pixels. */
export const GE_REALWORLD_IMAGE_SIZE = 256;

export interface GeRealworldRecord {
  /** Row of the two files; also the number in the image's name. */
  readonly row: number;
  /** Image file, relative to the dataset's root. */
  readonly imagePath: string;
  /** The window that was cut from the original frame: x, y, width, height. */
  readonly window: readonly [number, number, number, number];
  readonly annotation: HandAnnotation;
}

function numericVariable(variables: Record<string, MatValue>, name: string, tail: readonly number[]): MatNumeric {
  const value = variables[name];
  if (value?.kind !== 'numeric' || value.shape.slice(1).join() !== tail.join()) {
    const found =
      value === undefined
        ? 'no such variable'
        : 'shape' in value
          ? `${value.kind} [${value.shape.join(', ')}]`
          : value.kind;
    throw datasetError(
      OPERATION,
      `expected a numeric variable ${name} of shape [N, ${tail.join(', ')}], got ${found}`,
      {
        expected: ['N', ...tail],
        actual: found,
      },
    );
  }
  return value;
}

function imagePaths(variables: Record<string, MatValue>): readonly string[] {
  const value = variables['image_path'];
  if (value?.kind !== 'char') {
    throw datasetError(OPERATION, `expected a char variable image_path, got ${value?.kind ?? 'no such variable'}`);
  }
  return value.rows.map((row) => row.trim());
}

/** Copies a row of a variable, all of it finite. */
function copyRow(variable: MatNumeric, row: number, numbers: Float64Array, name: string): void {
  const count = numbers.length;
  for (let i = 0; i < count; i++) {
    const number = Number(variable.data[row * count + i]);
    if (!Number.isFinite(number))
      throw new RecordProblem('bad numbers', `expected finite numbers in ${name}, got ${number}`);
    numbers[i] = number;
  }
}

/**
 * The records of the two annotation files.
 *
 * All hands are left hands although no field says so. The camera is that of the 256-pixel crop,
 * [fx, fy, u0 − x, v0 − y] · 256/width, and 2D is the projection of 3D by it.
 *
 * @param paramsMat bytes of params.mat
 * @param poseMat bytes of pose_gt.mat
 * @returns one record per row, in file order; every keypoint is marked visible (the set has no visibility)
 * @throws FileFormatError for files that are not MAT files; DatasetError for files of another content, or a row that cannot
 *   be used
 */
export function parseGeRealworld(paramsMat: Uint8Array, poseMat: Uint8Array): GeRealworldRecord[] {
  return Array.from(geRealworldRecords(parseMat(paramsMat), parseMat(poseMat)), (record) => {
    if ('dropped' in record) throw datasetError(OPERATION, `${record.where}: ${record.message}`);
    return record;
  });
}

/** {@link parseGeRealworld} of the variables of the two files, one by one; a row that cannot be used is a dropped record. */
export function* geRealworldRecords(
  params: Record<string, MatValue>,
  pose: Record<string, MatValue>,
): Generator<GeRealworldRecord | DroppedRecord, void, undefined> {
  const poses = numericVariable(pose, 'pose_gt', [21, 3]);
  const boxes = numericVariable(params, 'bbox', [4]);
  const cameras = numericVariable(params, 'cam_param', [4]);
  const paths = imagePaths(params);
  const counts = {
    pose_gt: poses.shape[0]!,
    bbox: boxes.shape[0]!,
    cam_param: cameras.shape[0]!,
    image_path: paths.length,
  };
  const four = new Float64Array(4);
  const fourOf = (variable: MatNumeric, row: number, name: string): [number, number, number, number] => {
    copyRow(variable, row, four, name);
    return [four[0]!, four[1]!, four[2]!, four[3]!];
  };
  const recordOf = (row: number, imagePath: string): GeRealworldRecord => {
    const [x, y, width, height] = fourOf(boxes, row, 'bbox');
    const [fx, fy, u0, v0] = fourOf(cameras, row, 'cam_param');
    if (!(width > 0) || !(height > 0)) {
      throw new RecordProblem('bad box', `expected a box of positive size, got ${width} × ${height}`);
    }
    const r = GE_REALWORLD_IMAGE_SIZE / width;
    const [keypoints, keypoints3d, camera, crop] = floatsOf(42, 63, 9, 6) as [
      ...[Float64Array, Float64Array, Float64Array, Float64Array],
    ];
    camera.set([fx * r, 0, (u0 - x) * r, 0, fy * r, (v0 - y) * r, 0, 0, 1]);
    crop.set([r, 0, -x * r, 0, r, -y * r]);
    copyRow(poses, row, keypoints3d, 'pose_gt');
    let nearest = Infinity;
    for (let i = 0; i < 63; i++) {
      keypoints3d[i]! *= MILLIMETRES_PER_CENTIMETRE;
      if (i % 3 === 2) nearest = Math.min(nearest, keypoints3d[i]!);
    }
    if (!(nearest > 0)) {
      throw new RecordProblem('bad numbers', `expected depths above 0 in pose_gt, got ${nearest} mm`);
    }
    projectPerspective(keypoints3d, camera, keypoints);
    const visibility = new Uint8Array(21).fill(2);
    const annotation: HandAnnotation = {
      id: `${DATASET}/${String(row).padStart(5, '0')}`,
      source: { dataset: DATASET, file: imagePath, index: row },
      side: 'left',
      isMirrored: false,
      keypointOrder: 'panoptic',
      keypoints,
      visibility,
      keypoints3d,
      keypoints3dValid: new Uint8Array(21).fill(1),
      camera,
      bbox: boxOfKeypoints(keypoints, visibility),
      mano: undefined,
      handParameters: undefined,
      crop,
      subject: undefined,
      sequence: undefined,
    };
    return { row, imagePath, window: [x, y, width, height], annotation };
  };
  for (const [row, imagePath] of paths.slice(0, Math.min(...Object.values(counts))).entries()) {
    yield attempt(`${FILES}: row ${row}`, () => recordOf(row, imagePath));
  }
  if (new Set(Object.values(counts)).size === 1) return;
  const found = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  yield dropRecord('wrong counts', FILES, `expected as many rows in every variable, got ${found.join(', ')}`);
}

function attempt<T>(where: string, parse: () => T): T | DroppedRecord {
  try {
    return parse();
  } catch (problem) {
    if (problem instanceof RecordProblem) return droppedBy(problem, where);
    throw problem;
  }
}

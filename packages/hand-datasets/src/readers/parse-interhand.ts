/**
 * InterHand2.6M: both hands, 42 joints in the world frame, cameras with extrinsics, MANO fits.
 *
 * Moon et al., InterHand2.6M: A Dataset and Baseline for 3D Interacting Hand Pose Estimation from a Single RGB Image,
 * ECCV 2020.
 */
import type { Side } from '@opposable/mano-layer/conventions';
import type { HandRecord } from '../records.js';
import type { ManoAnnotation } from '../types.js';
import { buildRecord, floatsOf } from './build-record.js';
import { type Fields, isList, numberList, numberValue, objectValue, RecordProblem, textValue } from './values.js';

const MILLIMETRES = 1000;
const WRIST = 20;

/** The values of the four files that belong to one image. */
export interface InterhandFrame {
  /** Record of images[] of the data file. */
  readonly image: unknown;
  /** Record of annotations[] of the data file. */
  readonly annotation: unknown;
  /** The capture's cameras: campos, camrot, focal, princpt by camera. */
  readonly cameras: unknown;
  /** The frame's joints: world_coord [42, 3] mm, joint_valid [42]. */
  readonly joints: unknown;
  /** The frame's MANO fits, if there are any: right and left with pose 48, shape 10, trans 3 metres, or null. */
  readonly mano?: unknown;
}

export interface InterhandPlace {
  readonly file: string;
  readonly split: string;
  /** Folder of the images. */
  readonly images: string;
  /** Place of the annotation in its list. */
  readonly index: number;
}

interface Camera {
  readonly position: Float64Array;
  readonly rotation: Float64Array;
  readonly intrinsics: Float64Array;
}

/** Cameras of captures, which are the same for thousands of frames. */
const knownCameras = new WeakMap<object, Map<string, Camera>>();

function cameraOf(value: unknown, name: string): Camera {
  const cameras = objectValue(value, 'the cameras of the capture');
  const known = knownCameras.get(cameras) ?? new Map<string, Camera>();
  knownCameras.set(cameras, known);
  const camera = known.get(name) ?? parseCamera(cameras, name);
  known.set(name, camera);
  return camera;
}

function parseCamera(cameras: Fields, name: string): Camera {
  const of = (key: string, count: number): Float64Array =>
    numberList(objectValue(cameras[key], key)[name], count, `${key} of camera ${name}`);
  const [fx, fy] = of('focal', 2) as unknown as [number, number];
  const [cx, cy] = of('princpt', 2) as unknown as [number, number];
  return {
    position: of('campos', 3),
    rotation: of('camrot', 9),
    intrinsics: Float64Array.of(fx, 0, cx, 0, fy, cy, 0, 0, 1),
  };
}

/** X_cam = R · (X_world − position), millimetres. */
function toCamera(points: Float64Array, { rotation: r, position: p }: Camera, moved: Float64Array): void {
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i]! - p[0]!;
    const y = points[i + 1]! - p[1]!;
    const z = points[i + 2]! - p[2]!;
    for (let row = 0; row < 3; row++) moved[i + row] = r[3 * row]! * x + r[3 * row + 1]! * y + r[3 * row + 2]! * z;
  }
}

function manoOf(
  value: unknown,
  side: Side,
  { rotation: r, position: p }: Camera,
  worldToCamera: Float64Array,
): ManoAnnotation | undefined {
  if (value === undefined || value === null) return undefined;
  const hand = objectValue(value, 'the MANO fits')[side];
  if (hand === undefined || hand === null) return undefined;
  const fields = objectValue(hand, `the MANO fit of the ${side} hand`);
  for (let i = 0; i < 3; i++) {
    let shift = 0;
    for (let k = 0; k < 3; k++) {
      worldToCamera[4 * i + k] = r[3 * i + k]!;
      shift -= r[3 * i + k]! * p[k]!;
    }
    worldToCamera[4 * i + 3] = shift / MILLIMETRES;
  }
  return {
    convention: 'interhand',
    pose: numberList(fields['pose'], 48, 'pose'),
    betas: numberList(fields['shape'], 10, 'shape'),
    transl: numberList(fields['trans'], 3, 'trans'),
    worldToCamera,
  };
}

/** The sides that hand_type names. */
export function interhandSides(annotation: unknown): readonly Side[] {
  const type = textValue(objectValue(annotation, 'the annotation')['hand_type'], 'hand_type');
  if (type === 'interacting') return ['right', 'left'];
  if (type === 'right' || type === 'left') return [type];
  throw new RecordProblem('bad record', `expected hand_type right, left or interacting, got ${JSON.stringify(type)}`);
}

/**
 * One hand of one image.
 *
 * 2D is the projection of the valid joints. Where the wrist, the root of all 3D, is not valid, no 3D is.
 *
 * @throws RecordProblem naming the field that is missing or of another size
 */
export function parseInterhand(frame: InterhandFrame, side: Side, place: InterhandPlace): HandRecord {
  const image = objectValue(frame.image, 'the image');
  const annotation = objectValue(frame.annotation, 'the annotation');
  const joints = objectValue(frame.joints, 'the joints of the frame');
  const camera = cameraOf(frame.cameras, String(image['camera']));
  const first = side === 'right' ? 0 : 21;
  const world = numberList(joints['world_coord'], 126, 'world_coord').subarray(3 * first, 3 * first + 63);
  const valid = numberList(annotation['joint_valid'], 42, 'joint_valid').subarray(first, first + 21);
  const [keypoints, points, intrinsics, worldToCamera] = floatsOf(42, 63, 9, 12) as [
    ...[Float64Array, Float64Array, Float64Array, Float64Array],
  ];
  intrinsics.set(camera.intrinsics);
  toCamera(world, camera, points);
  const [fx, cx, fy, cy] = [intrinsics[0]!, intrinsics[2]!, intrinsics[4]!, intrinsics[5]!];
  const visibility = new Uint8Array(21);
  const valid3d = new Uint8Array(21);
  const rootIsValid = valid[WRIST]! > 0;
  for (let i = 0; i < 21; i++) {
    const x = points[3 * i]!;
    const y = points[3 * i + 1]!;
    const z = points[3 * i + 2]!;
    if (!(valid[i]! > 0) || !(z > 0)) {
      points.fill(0, 3 * i, 3 * i + 3); // invalid joints hold a made-up 1
      continue;
    }
    keypoints[2 * i] = (fx * x) / z + cx;
    keypoints[2 * i + 1] = (fy * y) / z + cy;
    visibility[i] = 2;
    valid3d[i] = rootIsValid ? 1 : 0;
  }
  const alone = annotation['hand_type'] !== 'interacting';
  const box = alone && isList(annotation['bbox']) ? numberList(annotation['bbox'], 4, 'bbox') : undefined;
  const file = textValue(image['file_name'], 'file_name');
  return buildRecord({
    id: `interhand/${place.split}/${String(image['id'])}/${side}`,
    source: { dataset: 'interhand', file: place.file, index: 2 * place.index + (side === 'left' ? 1 : 0) },
    image: place.images === '' ? file : `${place.images}/${file}`,
    imageSize: { width: numberValue(image['width'], 'width'), height: numberValue(image['height'], 'height') },
    side,
    keypointOrder: 'interhand',
    keypoints,
    visibility,
    ...(box && { bbox: [box[0]!, box[1]!, box[2]!, box[3]!] as const }),
    keypoints3d: points,
    keypoints3dValid: valid3d,
    camera: intrinsics,
    mano: manoOf(frame.mano, side, camera, worldToCamera),
    subject: subjectOf(image),
    sequence: `Capture${String(image['capture'])}/${String(image['seq_name'])}`,
  });
}

function subjectOf(image: Fields): string | undefined {
  const { subject } = image;
  return typeof subject === 'number' || typeof subject === 'string' ? String(subject) : undefined;
}

import { perspectiveToWeak, type RigidTransform, transformPoints, weakToPerspective } from '@opposable/geometry/host';
import { ShapeError } from '@opposable/tensor-checks';
import type { Side } from '../types.js';
import { HAND_PARAMETER_BLOCKS, HAND_PARAMETER_COUNT } from './hand-parameters.js';
import type { ExactManoAnnotation, ManoAnnotation } from './mano-annotation.js';
import { HAND_POSE_COUNT } from './validate-mano-model.js';

/** 3 numbers of the orientation and 45 of the fingers. */
const POSE = 3 + HAND_POSE_COUNT;
const BETAS = 10;

/** Intrinsics of the camera, needed where a record tells the hand's place by pixels and a scale. */
export interface ManoRecordCamera {
  /** [3, 3] row-major, pixels. */
  readonly intrinsics: ArrayLike<number>;
}

/** Which hand it is, where the record itself does not say it. */
export interface ManoRecordSide {
  readonly side: Side;
}

/** What smplx takes. */
export interface SmplxRecord {
  readonly global_orient: ArrayLike<number>;
  readonly hand_pose: ArrayLike<number>;
  readonly betas: ArrayLike<number>;
  readonly transl: ArrayLike<number>;
}

/** What manopth takes. */
export interface ManopthRecord {
  /** [3 + n] orientation and coefficients. */
  readonly poseCoeffs: ArrayLike<number>;
  readonly betas: ArrayLike<number>;
  /** [3] metres. */
  readonly trans: ArrayLike<number>;
}

/** The hand's part of an HO-3D meta file; null where a frame is not annotated. */
export interface Ho3dRecord {
  /** [48] */
  readonly handPose: ArrayLike<number> | null;
  readonly handTrans: ArrayLike<number> | null;
  readonly handBeta: ArrayLike<number> | null;
}

/** DexYCB: `pose_m` of a label file, with what stands elsewhere. */
export interface DexYcbRecord {
  /** [51] = 3 orientation, 45 coefficients, 3 translation; all zero where there is no hand. */
  readonly poseM: ArrayLike<number>;
  /** [10] of the subject, from the calibration folder. */
  readonly betas: ArrayLike<number>;
}

/** One hand of InterHand2.6M's MANO annotation file. */
export interface InterHandRecord {
  /** [48] */
  readonly pose: ArrayLike<number>;
  /** [10] */
  readonly shape: ArrayLike<number>;
  /** [3] metres, world frame. */
  readonly trans: ArrayLike<number>;
}

function assertLength(array: ArrayLike<number>, length: number, operation: string, name: string): void {
  if (array.length === length) return;
  throw new ShapeError(`${operation}: expected ${name} of length ${length}, got ${array.length}.`, {
    expected: [length],
    actual: [array.length],
  });
}

/** A loop: `Float64Array.from` goes through an iterator, a microsecond for every record's every array. */
function part(values: ArrayLike<number>, start: number, end = values.length): Float64Array {
  const copy = new Float64Array(end - start);
  for (let i = start; i < end; i++) copy[i - start] = values[i]!;
  return copy;
}

const joined = (...parts: readonly ArrayLike<number>[]): Float64Array =>
  Float64Array.from(parts.flatMap((values) => Array.from(values)));

/** Orientation and fingers in one array, as most datasets store them. */
const annotationOf = (
  side: Side,
  pose: ArrayLike<number>,
  betas: ArrayLike<number>,
  transl: ArrayLike<number>,
): ExactManoAnnotation => ({
  side,
  globalOrient: part(pose, 0, 3),
  handPose: part(pose, 3),
  betas: part(betas, 0),
  transl: part(transl, 0),
});

const poseOf = ({ globalOrient, handPose }: ManoAnnotation): Float64Array => joined(globalOrient, handPose);

function assertIntrinsics({ intrinsics }: ManoRecordCamera, operation: string): void {
  assertLength(intrinsics, 9, operation, 'intrinsics');
}

const meanFocal = ({ intrinsics }: ManoRecordCamera): number => (intrinsics[0]! + intrinsics[4]!) / 2;

/**
 * The records of libraries and datasets as they store them, to and from a {@link ManoAnnotation} **in the same
 * convention**; `convertManoAnnotation` goes from there to another one. Every `parse` copies, in float64; every `format`
 * is its inverse. A record of a frame without a hand parses to undefined.
 */
export const MANO_RECORDS = {
  /**
   * FreiHAND's 61 numbers: pose 48, betas 10, root (u, v) 2, scale 1. The root, keypoint 9, is at
   * (u − cx, v − cy, f)/scale with f = (fx + fy)/2, metres.
   */
  freihand: {
    parse(vector: ArrayLike<number>, camera: ManoRecordCamera): ExactManoAnnotation {
      assertLength(vector, POSE + BETAS + 3, 'MANO_RECORDS.freihand.parse', 'vector');
      assertIntrinsics(camera, 'MANO_RECORDS.freihand.parse');
      const [u, v, scale] = Array.from(part(vector, POSE + BETAS)) as [number, number, number];
      const root = [
        (u - camera.intrinsics[2]!) / scale,
        (v - camera.intrinsics[5]!) / scale,
        meanFocal(camera) / scale,
      ];
      return annotationOf('right', part(vector, 0, POSE), part(vector, POSE, POSE + BETAS), root);
    },
    format(annotation: ManoAnnotation, camera: ManoRecordCamera): Float64Array {
      assertIntrinsics(camera, 'MANO_RECORDS.freihand.format');
      const { betas, transl } = annotation;
      const scale = meanFocal(camera) / transl[2]!;
      const root = [0, 1].map((i) => transl[i]! * scale + camera.intrinsics[2 + 3 * i]!);
      return joined(poseOf(annotation), betas, root, [scale]);
    },
  },
  /** HO-3D's handPose [48], handTrans [3], handBeta [10]. */
  ho3d: {
    parse({ handPose, handTrans, handBeta }: Ho3dRecord): ExactManoAnnotation | undefined {
      if (handPose === null || handTrans === null || handBeta === null) return undefined;
      assertLength(handPose, POSE, 'MANO_RECORDS.ho3d.parse', 'handPose');
      return annotationOf('right', handPose, handBeta, handTrans);
    },
    format(annotation: ManoAnnotation) {
      const { betas, transl } = annotation;
      return { handPose: poseOf(annotation), handTrans: part(transl, 0), handBeta: part(betas, 0) };
    },
  },
  /** DexYCB's pose_m [51] and the subject's betas [10]; the side is that of the recording. */
  dexycb: {
    parse({ poseM, betas }: DexYcbRecord, { side }: ManoRecordSide): ExactManoAnnotation | undefined {
      assertLength(poseM, POSE + 3, 'MANO_RECORDS.dexycb.parse', 'poseM');
      if (Array.from(poseM).every((value) => value === 0)) return undefined;
      return annotationOf(side, part(poseM, 0, POSE), betas, part(poseM, POSE));
    },
    format(annotation: ManoAnnotation) {
      return { poseM: joined(poseOf(annotation), annotation.transl), betas: part(annotation.betas, 0) };
    },
  },
  /** InterHand2.6M's pose [48], shape [10], trans [3] of one side, in the world frame; see {@link interHandCamera}. */
  interhand: {
    parse({ pose, shape, trans }: InterHandRecord, { side }: ManoRecordSide): ExactManoAnnotation {
      assertLength(pose, POSE, 'MANO_RECORDS.interhand.parse', 'pose');
      return annotationOf(side, pose, shape, trans);
    },
    format(annotation: ManoAnnotation) {
      return { pose: poseOf(annotation), shape: part(annotation.betas, 0), trans: part(annotation.transl, 0) };
    },
  },
  /** smplx's global_orient, hand_pose, betas, transl. */
  smplx: {
    parse({ global_orient, hand_pose, betas, transl }: SmplxRecord, { side }: ManoRecordSide): ExactManoAnnotation {
      return annotationOf(side, joined(global_orient, hand_pose), betas, transl);
    },
    format({ globalOrient, handPose, betas, transl }: ManoAnnotation) {
      const [global_orient, hand_pose] = [part(globalOrient, 0), part(handPose, 0)];
      return { global_orient, hand_pose, betas: part(betas, 0), transl: part(transl, 0) };
    },
  },
  /** manopth's pose coefficients [3 + n], betas and translation (metres, although its outputs are millimetres). */
  manopth: {
    parse({ poseCoeffs, betas, trans }: ManopthRecord, { side }: ManoRecordSide): ExactManoAnnotation {
      return annotationOf(side, poseCoeffs, betas, trans);
    },
    format(annotation: ManoAnnotation) {
      return { poseCoeffs: poseOf(annotation), betas: part(annotation.betas, 0), trans: part(annotation.transl, 0) };
    },
  },
  /**
   * The 22 numbers of 3dhand, see `HAND_PARAMETER_BLOCKS`. Their camera is weak: the origin of the hand goes to where it
   * looks the same through a perspective camera, depth f/scale (`weakToPerspective`). The intrinsics are those of the
   * 256-pixel frame.
   */
  '3dhand': {
    parse(vector: ArrayLike<number>, camera: ManoRecordCamera): ExactManoAnnotation {
      assertLength(vector, HAND_PARAMETER_COUNT, "MANO_RECORDS['3dhand'].parse", 'vector');
      assertIntrinsics(camera, "MANO_RECORDS['3dhand'].parse");
      const block = (name: keyof typeof HAND_PARAMETER_BLOCKS) => {
        const [start, end] = HAND_PARAMETER_BLOCKS[name];
        return part(vector, start, end);
      };
      const origin = weakToPerspective(vector[0]!, block('translation'), camera.intrinsics);
      return annotationOf('right', joined(block('rotation'), block('pose')), block('betas'), origin);
    },
    format(annotation: ManoAnnotation, camera: ManoRecordCamera): Float64Array {
      assertIntrinsics(camera, "MANO_RECORDS['3dhand'].format");
      const { scale, translation } = perspectiveToWeak(annotation.transl, camera.intrinsics);
      return joined([scale], translation, poseOf(annotation), annotation.betas);
    },
  },
} as const;

/**
 * cameraFromWorld of an InterHand2.6M camera, in metres: X_cam = camrot · (X_world − campos).
 *
 * @param camera campos [3] in **millimetres**, camrot [3, 3], as in the dataset's camera file (rows or flat)
 * @returns rotation, and translation −camrot · campos / 1000
 */
export function interHandCamera({
  campos,
  camrot,
}: {
  readonly campos: ArrayLike<number>;
  readonly camrot: ArrayLike<number> | readonly (readonly number[])[];
}): RigidTransform {
  const rotation = Float64Array.from(Array.from(camrot as ArrayLike<number | readonly number[]>).flat());
  assertLength(rotation, 9, 'interHandCamera', 'camrot');
  assertLength(campos, 3, 'interHandCamera', 'campos');
  const translation = transformPoints(rotation, campos).map((value) => -value / 1000);
  return { rotation, translation };
}

import {
  FINGER_LEVELS,
  FINGER_NAMES,
  fingerJoint,
  type FingerLevel,
  type FingerName,
  type JointName,
} from './joint-name.js';

/** A sequence of the 21 hand joints. */
export interface KeypointOrder {
  /** Canonical name, for example 'panoptic'. */
  readonly name: string;
  /** One sentence: the sequence and who uses it. */
  readonly description: string;
  /** Other names under which {@link keypointOrder} finds it. */
  readonly aliases: readonly string[];
  /** Name of the joint at each index: 'wrist' or 'palm', and each finger joint once. */
  readonly joints: readonly JointName[];
}

const BASE_TO_TIP = FINGER_LEVELS;
const TIP_TO_BASE = [4, 3, 2, 1] as const;

/** Finger after finger, the levels of each in the given direction. */
const fingerByFinger = (fingers: readonly FingerName[], levels: readonly FingerLevel[]): JointName[] =>
  fingers.flatMap((finger) => levels.map((level) => fingerJoint(finger, level)));

/** Level after level, the fingers of each in the given sequence. */
const levelByLevel = (levels: readonly FingerLevel[], fingers: readonly FingerName[]): JointName[] =>
  levels.flatMap((level) => fingers.map((finger) => fingerJoint(finger, level)));

const MANO_FINGERS = ['index', 'middle', 'pinky', 'ring', 'thumb'] as const;

const order = (
  name: string,
  description: string,
  aliases: readonly string[],
  joints: readonly JointName[],
): KeypointOrder =>
  Object.freeze({ name, description, aliases: Object.freeze([...aliases]), joints: Object.freeze([...joints]) });

/**
 * Every order of the package by its canonical name. Sequences as the sources of the datasets give them; T thumb,
 * I index, M middle, R ring, L little finger, W wrist, P palm centre, 1 nearest the wrist … 4 tip.
 */
export const KEYPOINT_ORDERS = Object.freeze({
  panoptic: order(
    'panoptic',
    'W, T1–4, I1–4, M1–4, R1–4, L1–4: OpenPose and most datasets.',
    [
      'openpose',
      'cmu',
      'cmu-panoptic',
      'panoptic-hands',
      'hand143',
      'handdb',
      'hand-labels',
      'mpii-nzsl',
      'freihand',
      'mediapipe',
      'coco',
      'coco-wholebody',
      'coco-wholebody-hand',
      'onehand10k',
      'dexycb',
      'ho3d',
      'manopth',
      'manotorch',
      'hamer',
    ],
    ['wrist', ...fingerByFinger(FINGER_NAMES, BASE_TO_TIP)],
  ),
  mano: order(
    'mano',
    'W, I1–4, M1–4, L1–4, R1–4, T1–4: the 21 keypoints of 3dhand (MANO’s finger sequence, tips in place).',
    ['3dhand', 'boukhayma'],
    ['wrist', ...fingerByFinger(MANO_FINGERS, BASE_TO_TIP)],
  ),
  'mano-raw': order(
    'mano-raw',
    'W, I1–3, M1–3, L1–3, R1–3, T1–3, then the tips T4, I4, M4, R4, L4: the model’s 16 joints with tips appended.',
    ['mano-tips', 'ho3d-raw'],
    ['wrist', ...fingerByFinger(MANO_FINGERS, [1, 2, 3]), ...levelByLevel([4], FINGER_NAMES)],
  ),
  stereo: order(
    'stereo',
    'P, L1–4, R1–4, M1–4, I1–4, T1–4: the Stereo Hand Pose Tracking Benchmark; index 0 is the palm centre.',
    ['stb', 'stereo-hand', 'stereo-hand-pose'],
    ['palm', ...fingerByFinger([...FINGER_NAMES].reverse(), BASE_TO_TIP)],
  ),
  rhd: order(
    'rhd',
    'W, T4–1, I4–1, M4–1, R4–1, L4–1: one hand of the Rendered Hand Pose dataset, tip first.',
    ['rhd2d', 'rhd3d', 'rendered-hand-pose'],
    ['wrist', ...fingerByFinger(FINGER_NAMES, TIP_TO_BASE)],
  ),
  interhand: order(
    'interhand',
    'T4–1, I4–1, M4–1, R4–1, L4–1, W: one hand of InterHand2.6M, tip first and wrist last.',
    ['interhand2.6m', 'interhand2d', 'interhand3d'],
    [...fingerByFinger(FINGER_NAMES, TIP_TO_BASE), 'wrist'],
  ),
  fpha: order(
    'fpha',
    'W, T1, I1, M1, R1, L1, T2–4, I2–4, M2–4, R2–4, L2–4: First-Person Hand Action.',
    ['fphab', 'first-person-hand-action'],
    ['wrist', ...levelByLevel([1], FINGER_NAMES), ...fingerByFinger(FINGER_NAMES, [2, 3, 4])],
  ),
});

/** Canonical name of a built-in order. */
export type KeypointOrderName = keyof typeof KEYPOINT_ORDERS;

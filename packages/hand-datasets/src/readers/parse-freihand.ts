/**
 * FreiHAND: 32,560 poses of right hands, each in four versions of its picture, 224 × 224 pixels.
 *
 * Zimmermann et al., FreiHAND: A Dataset for Markerless Capture of Hand Pose and Shape from Single RGB Images, ICCV 2019.
 */
import { projectPerspective } from '@opposable/geometry/host';
import type { Rng } from '@opposable/tensor-checks';
import type { HandRecord } from '../records.js';
import type { ManoAnnotation } from '../types.js';
import { buildRecord, floatsOf } from './build-record.js';
import { numberList, numberValue, RecordProblem } from './values.js';

const MILLIMETRES = 1000;
const SIZE = { width: 224, height: 224 };
const WHOLE = [0, 0, SIZE.width - 1, SIZE.height - 1] as const;

/** The four pictures of each pose, in the order of their image numbers: green screen, homogeneous, sampled, automatic. */
export const FREIHAND_VERSIONS = ['gs', 'hom', 'sample', 'auto'] as const;
export type FreihandVersion = (typeof FREIHAND_VERSIONS)[number];

/** Values of the JSON lists at one place; what a split does not have is undefined. */
export interface FreihandLists {
  readonly K: unknown;
  readonly xyz?: unknown;
  readonly mano?: unknown;
  readonly scale?: unknown;
}

export interface FreihandPlace {
  readonly split: 'training' | 'evaluation';
  /** Place in the lists. */
  readonly sample: number;
  /** Number of the image file. */
  readonly image: number;
  readonly hasMask: boolean;
}

/** First bone of the middle finger, whose length in metres is what FreiHAND calls the scale of a hand. */
const SCALE_BONE = [9, 10] as const;
/** How much longer or shorter than its scale that bone may be: enough to notice another unit, or a list of other poses. */
const SCALE_TOLERANCE = 1.5;

/** @param points [21, 3] mm */
function checkScale(value: unknown, points: Float64Array): void {
  const scale = numberValue(value, 'scale');
  const [from, to] = SCALE_BONE.map((joint) => 3 * joint) as [number, number];
  const length = Math.hypot(...[0, 1, 2].map((k) => points[to + k]! - points[from + k]!)) / MILLIMETRES;
  if (scale < SCALE_TOLERANCE * length && length < SCALE_TOLERANCE * scale) return;
  throw new RecordProblem('bad numbers', `expected scale as the bone of ${length.toFixed(4)} m in xyz, got ${scale}`);
}

const fileName = (id: number): string => `${String(id).padStart(8, '0')}.jpg`;

/**
 * The 61 numbers: pose 48 (relative to the mean pose), betas 10, pixel of the middle finger's knuckle, scale.
 *
 *     transl = ((u − cx), (v − cy), f) / scale,   f = (fx + fy)/2        metres, where that knuckle is
 */
function parseMano(value: unknown, camera: Float64Array): ManoAnnotation {
  const numbers = numberList(value, 61, 'mano');
  const [u, v, scale] = [numbers[58]!, numbers[59]!, numbers[60]!];
  if (!(scale > 0)) throw new RecordProblem('bad numbers', `expected a positive scale in mano, got ${scale}`);
  const focal = (camera[0]! + camera[4]!) / 2;
  return {
    convention: 'freihand',
    pose: numbers.subarray(0, 48),
    betas: numbers.subarray(48, 58),
    transl: Float64Array.of((u - camera[2]!) / scale, (v - camera[5]!) / scale, focal / scale),
  };
}

/**
 * One image of FreiHAND.
 *
 * @param lists `K` [3, 3] pixels, `xyz` [21, 3] metres in the camera frame, panoptic order, `mano` [61], `scale` metres, which
 *   is compared with `xyz`
 * @returns the record; without `xyz` (old evaluation files) no keypoint is labelled, and the box is the whole
 *   picture, in which FreiHAND's hands stand centred
 * @throws RecordProblem naming the list that has another size
 */
export function parseFreihand({ K, xyz, mano, scale }: FreihandLists, place: FreihandPlace): HandRecord {
  const { split, sample, image, hasMask } = place;
  const camera = numberList(K, 9, 'K');
  const [keypoints, own] = floatsOf(42, xyz === undefined ? 0 : 63) as [Float64Array, Float64Array];
  const points = xyz === undefined ? undefined : own;
  if (points) {
    const metres = numberList(xyz, 63, 'xyz');
    for (let i = 0; i < 63; i++) {
      points[i] = metres[i]! * MILLIMETRES;
      if (i % 3 === 2 && !(points[i]! > 0)) throw new RecordProblem('bad numbers', 'expected depths above 0 in xyz');
    }
    if (scale !== undefined) checkScale(scale, points);
    projectPerspective(points, camera, keypoints);
  }
  return buildRecord({
    id: `freihand/${split}/${String(image).padStart(8, '0')}`,
    source: { dataset: 'freihand', file: `${split}_xyz.json`, index: image },
    image: `${split}/rgb/${fileName(image)}`,
    imageSize: SIZE,
    mask: hasMask ? `${split}/mask/${fileName(sample)}` : undefined,
    side: 'right',
    keypointOrder: 'panoptic',
    keypoints,
    visibility: new Uint8Array(21).fill(points ? 2 : 0),
    ...(!points && { bbox: WHOLE }),
    keypoints3d: points,
    keypoints3dValid: points && new Uint8Array(21).fill(1),
    camera,
    mano: mano === undefined ? undefined : parseMano(mano, camera),
    sequence: `pose ${sample}`,
  });
}

export type FreihandSubset = 'train' | 'val' | 'test';

/** The 26,000, 5,000 and 1,560 poses of the heat-map tutorial, which uses the green-screen version alone. */
export function freihandTutorialSubset(sample: number): FreihandSubset {
  return sample < 26_000 ? 'train' : sample < 31_000 ? 'val' : 'test';
}

/**
 * 8 : 1 : 1 of the poses at random, all versions of a pose on one side.
 *
 * @param count number of poses
 * @returns the subset of each pose
 */
export function freihandRandomSubsets(count: number, rng: Rng): FreihandSubset[] {
  const order = rng.permutation(count);
  const subsets = new Array<FreihandSubset>(count);
  order.forEach((sample, rank) => {
    subsets[sample] = rank < 0.8 * count ? 'train' : rank < 0.9 * count ? 'val' : 'test';
  });
  return subsets;
}

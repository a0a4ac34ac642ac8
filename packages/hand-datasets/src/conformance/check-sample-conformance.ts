import { projectPerspective } from '@opposable/geometry/host';
import {
  FINGER_NAMES,
  jointIndex,
  type JointName,
  keypointOrder as getKeypointOrder,
  skeleton,
} from '@opposable/keypoint-order';
import { checkAnnotation } from '../check-annotation.js';
import type { ImageSize } from '../transform/move-annotation.js';
import type { HandAnnotation } from '../types.js';
import { inspectKeypointOrder } from './inspect-keypoint-order.js';

export type ConformanceCheck =
  'order' | 'projection' | 'depth' | 'bones' | 'knuckles' | 'size' | 'handedness' | 'box' | 'image';

export interface ConformanceProblem {
  readonly check: ConformanceCheck;
  /** What was found and what is plausible, in one sentence. */
  readonly message: string;
}

export interface ConformanceReport {
  readonly problems: readonly ConformanceProblem[];
  /** Largest distance between a 2D keypoint and the projection of its 3D point, pixels. */
  readonly projectionError: number | undefined;
  /** Wrist to tip of the middle finger along its bones, millimetres. */
  readonly handLength: number | undefined;
  /** Mean curl of the four fingers towards the palm of a right hand, −1 … 1: negative for a left one. */
  readonly handedness: number | undefined;
}

export interface ConformanceOptions {
  /** Largest accepted projection error in pixels. Default 1. */
  readonly projectionTolerance?: number | undefined;
  /** How far a keypoint may lie outside the box, in pixels. Default 1. */
  readonly boxTolerance?: number | undefined;
}

export const CONFORMANCE_DEFAULTS = { projectionTolerance: 1, boxTolerance: 1 } as const;

/** Accepted hand lengths in millimetres. */
export const HAND_LENGTH_RANGE = [130, 230] as const;

/** Accepted lengths of the bones as fractions of the hand's length: from the wrist, then along the finger. */
const THUMB_BONES = [
  [0.08, 0.36],
  [0.08, 0.36],
  [0.06, 0.32],
  [0.05, 0.3],
] as const;
const FINGER_BONES = [
  [0.28, 0.64],
  [0.1, 0.4],
  [0.05, 0.3],
  [0.04, 0.26],
] as const;

/** How much more plausible another order must be than the sample's own to count against it. */
const ORDER_RATIO = 1.25;

/** Curls below this, about sin 15°, say nothing about the side: straight fingers bend back as far. */
const HANDEDNESS_MARGIN = 0.25;

type Vector = readonly [number, number, number];
const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const norm = (a: Vector): number => Math.sqrt(dot(a, a));
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

interface Measures {
  projectionError?: number | undefined;
  handLength?: number | undefined;
  handedness?: number | undefined;
}

type Report = (check: ConformanceCheck, message: string) => void;

function checkProjection(annotation: HandAnnotation, tolerance: number, report: Report): number | undefined {
  const { camera, keypoints, keypoints3d, visibility, keypoints3dValid } = annotation;
  if (camera === undefined) return undefined;
  const projected = projectPerspective(keypoints3d!, camera);
  let worst = 0;
  for (let i = 0; i < 21; i++) {
    if (visibility[i] === 0 || keypoints3dValid![i] === 0) continue;
    const distance = Math.hypot(projected[2 * i]! - keypoints[2 * i]!, projected[2 * i + 1]! - keypoints[2 * i + 1]!);
    worst = Math.max(worst, distance);
  }
  if (!(worst <= tolerance)) {
    report(
      'projection',
      `a 3D point projects ${worst.toFixed(2)} px beside its 2D keypoint, accepted are ${tolerance} px`,
    );
  }
  return worst;
}

function checkBones(annotation: HandAnnotation, points: readonly Vector[], length: number, report: Report): void {
  skeleton(annotation.keypointOrder).forEach(([parent, child], bone) => {
    const finger = Math.floor(bone / 4);
    const [lowest, highest] = (finger === 0 ? THUMB_BONES : FINGER_BONES)[bone % 4]!;
    const fraction = norm(subtract(points[child]!, points[parent]!)) / length;
    if (!(fraction >= lowest && fraction <= highest)) {
      const name = `${FINGER_NAMES[finger]} bone ${(bone % 4) + 1}`;
      report('bones', `${name} is ${fraction.toFixed(2)} of the hand's length, plausible are ${lowest} to ${highest}`);
    }
  });
}

function checkKnuckles(joint: (name: JointName) => Vector, report: Report): void {
  const [index, ...others] = (['index1', 'middle1', 'ring1', 'pinky1'] as const).map(joint) as [Vector, ...Vector[]];
  const distances = others.map((knuckle) => norm(subtract(knuckle, index)));
  if (!(distances[0]! < distances[1]! && distances[1]! < distances[2]!)) {
    const found = distances.map((distance) => distance.toFixed(0)).join(', ');
    report(
      'knuckles',
      `middle, ring and little knuckle are ${found} mm from the index knuckle, expected one after another`,
    );
  }
}

/** The palm's normal (index knuckle × little knuckle, seen from the wrist) leaves the palm of a right hand. */
function curlTowardsRightPalm(joint: (name: JointName) => Vector): number {
  const wrist = joint('wrist');
  const normal = cross(subtract(joint('index1'), wrist), subtract(joint('pinky1'), wrist));
  const curls = (['index', 'middle', 'ring', 'pinky'] as const).map((finger) => {
    const direction = subtract(joint(`${finger}4`), joint(`${finger}1`));
    return dot(direction, normal) / (norm(direction) * norm(normal));
  });
  return curls.reduce((sum, curl) => sum + curl, 0) / curls.length;
}

function checkHand3d(annotation: HandAnnotation, points: readonly Vector[], report: Report): Measures {
  const { keypointOrder, side } = annotation;
  const joint = (name: JointName): Vector => points[jointIndex(keypointOrder, name)]!;
  const chain = (['wrist', 'middle1', 'middle2', 'middle3', 'middle4'] as const).map(joint);
  const handLength = chain.slice(1).reduce((sum, point, i) => sum + norm(subtract(point, chain[i]!)), 0);
  const [shortest, longest] = HAND_LENGTH_RANGE;
  if (!(handLength >= shortest && handLength <= longest)) {
    report('size', `the hand is ${handLength.toFixed(0)} mm long, plausible are ${shortest} to ${longest} mm`);
  }
  checkBones(annotation, points, handLength, report);
  checkKnuckles(joint, report);
  const handedness = curlTowardsRightPalm(joint);
  const looks = handedness > 0 ? 'right' : 'left';
  if (Math.abs(handedness) > HANDEDNESS_MARGIN && looks !== side) {
    report(
      'handedness',
      `the fingers curl like those of a ${looks} hand (${handedness.toFixed(2)}), the side is '${side}'`,
    );
  }
  return { handLength, handedness };
}

/** Chains and lengths in the picture: whether another order is clearly more plausible. Needs all of the keypoints. */
function checkOrder2d({ keypointOrder, keypoints, visibility }: HandAnnotation, report: Report): void {
  if (visibility.includes(0)) return;
  const { best, guesses } = inspectKeypointOrder(keypoints, { dimension: 2 });
  const own = guesses.find(({ order }) => order === getKeypointOrder(keypointOrder).name);
  if (own === undefined || own.cost <= ORDER_RATIO * best.cost) return;
  report(
    'order',
    `in the picture the keypoints look like the order '${best.order}' (${best.cost.toFixed(2)}), not '${keypointOrder}' (${own.cost.toFixed(2)})`,
  );
}

function checkBox({ bbox, keypoints, visibility }: HandAnnotation, tolerance: number, report: Report): void {
  const [x, y, width, height] = bbox;
  let worst = 0;
  for (let i = 0; i < 21; i++) {
    if (visibility[i] === 0) continue;
    const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
    worst = Math.max(worst, x - u, u - x - width, y - v, v - y - height);
  }
  if (worst > tolerance) report('box', `a keypoint lies ${worst.toFixed(1)} px outside the box [${bbox.join(', ')}]`);
}

/**
 * What every reader's samples must show: 3D projects onto 2D, bones and knuckles are in a hand's order, the hand is
 * 130–230 mm long and curls like its side, the box contains the keypoints, and the keypoints, where any is labelled, touch the image; in the
 * picture no other order is clearly more plausible (`inspectKeypointOrder`).
 *
 * 3D is checked where all 21 points are known, handedness where the fingers curl enough to tell.
 *
 * @param sample a sample, or an annotation with the image's size
 * @returns the problems (none for a conforming sample) and what was measured
 * @throws DatasetError if a field has a wrong size or a number is not finite
 */
export function checkSampleConformance(
  sample: HandAnnotation & { readonly image?: ImageSize | undefined },
  options: ConformanceOptions = {},
): ConformanceReport {
  checkAnnotation(sample, 'checkSampleConformance');
  const problems: ConformanceProblem[] = [];
  const report: Report = (check, message) => problems.push({ check, message });
  const { keypoints, keypoints3d, keypoints3dValid, visibility, image } = sample;
  checkBox(sample, options.boxTolerance ?? CONFORMANCE_DEFAULTS.boxTolerance, report);
  if (image !== undefined && visibility.some((value) => value > 0)) {
    const touches = visibility.some((value, i) => {
      const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
      return value > 0 && u >= -0.5 && v >= -0.5 && u <= image.width - 0.5 && v <= image.height - 0.5;
    });
    if (!touches) report('image', `no labelled keypoint lies in the ${image.width} × ${image.height} image`);
  }
  checkOrder2d(sample, report);
  const measures: Measures = {};
  if (keypoints3d !== undefined && keypoints3dValid !== undefined) {
    const points = Array.from({ length: 21 }, (_, i): Vector => [
      keypoints3d[3 * i]!,
      keypoints3d[3 * i + 1]!,
      keypoints3d[3 * i + 2]!,
    ]);
    const tolerance = options.projectionTolerance ?? CONFORMANCE_DEFAULTS.projectionTolerance;
    measures.projectionError = checkProjection(sample, tolerance, report);
    const behind = points.filter((point, i) => keypoints3dValid[i] === 1 && !(point[2] > 0)).length;
    if (behind > 0 && sample.camera !== undefined) report('depth', `${behind} points lie behind the camera`);
    if (keypoints3dValid.every((value) => value === 1)) Object.assign(measures, checkHand3d(sample, points, report));
  }
  const { projectionError, handLength, handedness } = measures;
  return { problems, projectionError, handLength, handedness };
}

import type { ManoModel, Side } from '../types.js';

type Vector = readonly [number, number, number];

const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const unit = (a: Vector): Vector => {
  const length = Math.sqrt(dot(a, a));
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** First joints of index, middle, pinky, ring. */
const KNUCKLES = [1, 4, 7, 10] as const;
/** Least cosine between the two bones of a finger of a hand that is held flat. */
const STRAIGHT = 0.7;
/** Least volume of the three directions for a verdict; 1 for perpendicular ones. */
const CLEAR = 0.2;

function restJoints({ vertexCount, jRegressor, vTemplate }: ManoModel): Vector[] {
  return Array.from({ length: 16 }, (_, j) => {
    const sum: [number, number, number] = [0, 0, 0];
    for (let v = 0; v < vertexCount; v++) {
      const weight = jRegressor[j * vertexCount + v]!;
      if (weight !== 0) for (let i = 0; i < 3; i++) sum[i]! += weight * vTemplate[v * 3 + i]!;
    }
    return sum;
  });
}

/**
 * Which hand a model is, judged by its geometry.
 *
 * With the fingers f pointing away and the palm p down, the thumb's side t of a left hand is on the right: f · (t × p) > 0.
 * t runs from the little to the index finger's knuckle; the palm is where the mean pose bends the fingers to, p = a × f for
 * the sum a of the four knuckles' axis-angle vectors.
 *
 * @param model a hand in the MANO schema whose template is flat and whose mean pose bends the fingers
 * @returns undefined where the template is not a flat hand or the mean pose does not tell
 */
export function recogniseSide(model: ManoModel): Side | undefined {
  const joints = restJoints(model);
  let fingers: Vector = [0, 0, 0];
  let bend: Vector = [0, 0, 0];
  for (const knuckle of KNUCKLES) {
    const near = unit(subtract(joints[knuckle + 1]!, joints[knuckle]!));
    const far = unit(subtract(joints[knuckle + 2]!, joints[knuckle + 1]!));
    if (!(dot(near, far) >= STRAIGHT)) return undefined;
    fingers = add(fingers, near);
    const first = (knuckle - 1) * 3;
    bend = add(bend, [model.handsMean[first]!, model.handsMean[first + 1]!, model.handsMean[first + 2]!]);
  }
  const palm = unit(cross(bend, fingers));
  const thumb = unit(subtract(joints[KNUCKLES[0]]!, joints[KNUCKLES[2]]!));
  const volume = dot(unit(fingers), cross(thumb, palm));
  if (!(Math.abs(volume) >= CLEAR)) return undefined;
  return volume > 0 ? 'left' : 'right';
}

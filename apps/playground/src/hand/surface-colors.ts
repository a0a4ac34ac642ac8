import type { ManoModel } from '@opposable/mano-layer/conventions';
import { FINGER_COLORS, fingerOf, names } from '@opposable/keypoint-order';
import type { HandState } from './hand-state.js';

const JOINTS = names('mano-raw').slice(0, 16);
const SKIN = [0.86, 0.66, 0.56] as const;
const PALM = [0.62, 0.65, 0.7] as const;
const WIRE = [0.05, 0.53, 0.5] as const;
/** Shades of a finger's three parts, from the palm outwards. */
const SHADES = [0.62, 0.82, 1];

/** From no weight to full weight: dark violet, magenta, orange, light yellow. */
const HEAT = [[0.16, 0.12, 0.3], [0.55, 0.16, 0.46], [0.94, 0.44, 0.28], [0.99, 0.91, 0.55]] as const; // prettier-ignore

function heat(value: number): [number, number, number] {
  const place = Math.min(0.9999, Math.max(0, value)) * (HEAT.length - 1);
  const [low, high, t] = [HEAT[Math.floor(place)]!, HEAT[Math.floor(place) + 1]!, place % 1];
  return [0, 1, 2].map((i) => low[i]! + t * (high[i]! - low[i]!)) as [number, number, number];
}

/** sRGB in 0–1 of the part of the hand that a joint moves. */
export function partColor(joint: number): readonly [number, number, number] {
  const finger = fingerOf(JOINTS[joint]!);
  if (finger === undefined) return PALM;
  const shade = SHADES[(joint - 1) % 3]!;
  const [r, g, b] = FINGER_COLORS[finger];
  return [(r / 255) * shade, (g / 255) * shade, (b / 255) * shade];
}

/** [V, 3] sRGB in 0–1 of a hand: its own colours, the joint that moves a vertex most, or the weights of one joint. */
export function surfaceColors(
  model: ManoModel,
  { surface, weightsOf }: Pick<HandState, 'surface' | 'weightsOf'>,
): Float32Array {
  const { vertexCount, jointCount, lbsWeights, vertexColors } = model;
  const colors = new Float32Array(vertexCount * 3);
  for (let v = 0; v < vertexCount; v++) {
    const weights = lbsWeights.subarray(v * jointCount, (v + 1) * jointCount);
    if (surface === 'parts') colors.set(partColor(weights.indexOf(Math.max(...weights))), v * 3);
    else if (surface === 'weights') colors.set(heat(weights[weightsOf]!), v * 3);
    else if (surface === 'wireframe') colors.set(WIRE, v * 3);
    else colors.set(vertexColors?.subarray(v * 3, v * 3 + 3) ?? SKIN, v * 3);
  }
  return colors;
}

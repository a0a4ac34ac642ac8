import { coefficientsToHandPose, type ManoModel } from '@opposable/mano-layer/conventions';
import { type HandJointFrames, openHandJointFrames, poseFromAngles } from '@opposable/open-hand';
import type { Rng } from '@opposable/tensor-checks';
import type { NaturalPose } from '../settings/types.js';
import { beyondLimits } from './beyond-limits.js';
import { type FingerAngles, HAND_SHAPES, type HandAngles, type HandShapeName } from './hand-shapes.js';
import { penetration } from './penetration.js';

const RADIANS = Math.PI / 180;
const FINGERS = 4;
/** How far the spread of a finger is lost when its knuckle is bent to 80°. */
const SPREAD_LOST = 0.85;
/** Degrees by which a fully bent finger is drawn towards the middle one: index, middle, pinky, ring. */
const GATHER = [-3, 0, 9, 4] as const;
const BENT = 80;
const TRIES = 12;
/** Coefficients of the pose basis may bend a joint beyond its limits by this much. */
const BEYOND = 10 * RADIANS;

const frames = new Map<string, HandJointFrames>();
function framesOf(side: ManoModel['side']): HandJointFrames {
  let known = frames.get(side);
  if (known === undefined) frames.set(side, (known = openHandJointFrames(side)));
  return known;
}

/** [45] radians: flex, swing and twist of the 15 joints, with a little play, cut to the limits of motion. */
function jointAngles(rng: Rng, { fingers, thumb }: HandAngles, jitter: number, limits: Float32Array): Float32Array {
  const angles = new Float32Array(45);
  for (let f = 0; f < FINGERS; f++) {
    const [mcp, pip, dip, swing] = fingers[f] as FingerAngles;
    const bent = Math.min(1, Math.max(0, mcp / BENT));
    angles.set([mcp, swing * (1 - SPREAD_LOST * bent) + GATHER[f]! * bent, 0, pip, 0, 0, dip, 0, 0], 9 * f);
  }
  const [across, palmar, turn, mcp, ip] = thumb;
  angles.set([across, palmar, turn, mcp, 0, 0, ip, 0, 0], 9 * FINGERS);
  for (let i = 0; i < 45; i++) {
    const angle = (angles[i]! + rng.normal(0, i % 3 === 0 ? jitter : jitter / 2)) * RADIANS;
    angles[i] = Math.min(limits[2 * i + 1]!, Math.max(limits[2 * i]!, angle));
  }
  return angles;
}

function pickShape(rng: Rng, mixture: NaturalPose['mixture']): HandShapeName | 'coefficients' {
  const entries = Object.entries(mixture).filter(([, weight]) => weight > 0) as [
    HandShapeName | 'coefficients',
    number,
  ][];
  let at = rng.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) if ((at -= weight) < 0) return name;
  return entries[0]![0];
}

/** A pose with the coefficients that give it exactly, if there are six that do. */
export interface DrawnPose {
  /** [45] axis-angle numbers of the finger joints, the mean included */
  readonly pose: Float64Array;
  /** [6] or undefined */
  readonly coefficients: Float64Array | undefined;
}

const BASIS = 6;

function drawOnce(rng: Rng, model: ManoModel, settings: NaturalPose): DrawnPose {
  const shape = model.topology === 'open-hand' ? pickShape(rng, settings.mixture) : 'coefficients';
  if (shape === 'coefficients') {
    const coefficients = Float64Array.from({ length: BASIS }, () => Math.max(-2, Math.min(2, rng.normal())));
    return { pose: coefficientsToHandPose(model, coefficients, { flatHandMean: false }), coefficients };
  }
  const joints = framesOf(model.side);
  const angles = jointAngles(rng, HAND_SHAPES[shape](rng), settings.jitterDegrees, joints.limits);
  if (rng.uniform() < settings.blend) {
    const second = pickShape(rng, { ...settings.mixture, coefficients: 0 }) as HandShapeName;
    const other = jointAngles(rng, HAND_SHAPES[second](rng), settings.jitterDegrees, joints.limits);
    const share = rng.uniform();
    for (let i = 0; i < angles.length; i++) angles[i]! += share * (other[i]! - angles[i]!);
  }
  return { pose: Float64Array.from(poseFromAngles(joints, angles)), coefficients: undefined };
}

/**
 * A pose as people hold their hands: one of the shapes with weights, or a mixture of two, with play in every joint. A pose
 * in which flesh overlaps by more than the tolerance is drawn again; after twelve tries the one that overlaps least stays.
 * Shapes keep within the limits of motion; coefficients that bend a joint farther than 10° beyond are drawn again.
 *
 * On another mesh than the open hand, whose joints' axes are known, poses are mixtures of the model's own pose basis.
 */
export function naturalPose(
  rng: Rng,
  model: ManoModel,
  restJoints: ArrayLike<number>,
  settings: NaturalPose,
): DrawnPose {
  const tolerance = settings.maxPenetrationMillimetres / 1000;
  let best: DrawnPose | undefined;
  let least = Infinity;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const drawn = drawOnce(rng.split(attempt), model, settings);
    const isBroken =
      drawn.coefficients !== undefined &&
      model.topology === 'open-hand' &&
      beyondLimits(framesOf(model.side), drawn.pose) > BEYOND;
    const overlap = isBroken ? Infinity : tolerance === Infinity ? 0 : penetration(model, restJoints, drawn.pose);
    if (!isBroken && overlap <= tolerance) return drawn;
    if (best === undefined || overlap < least) [best, least] = [drawn, overlap];
  }
  return best!;
}

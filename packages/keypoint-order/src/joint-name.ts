/** The fingers, thumb first: the order in which this package lists whatever belongs to fingers. */
export const FINGER_NAMES = ['thumb', 'index', 'middle', 'ring', 'pinky'] as const;
export type FingerName = (typeof FINGER_NAMES)[number];

/** Place along a finger: 1 is the joint nearest the wrist, 4 the fingertip. */
export type FingerLevel = 1 | 2 | 3 | 4;
export const FINGER_LEVELS = [1, 2, 3, 4] as const;

/** The joint at which a finger meets the palm: MCP, for the thumb CMC. */
export type KnuckleName = `${FingerName}1`;

/** A joint on a finger, `thumb1` … `pinky4`. */
export type FingerJointName = `${FingerName}${FingerLevel}`;

/**
 * The one joint that is on no finger. Every order of this package has 'wrist' or 'palm' (the palm's centre), never
 * both.
 */
export type RootJointName = 'wrist' | 'palm';

/**
 * Canonical name of a hand joint.
 *
 * | name | thumb | index, middle, ring, pinky |
 * |---|---|---|
 * | 1 | CMC (carpometacarpal) | MCP (metacarpophalangeal, the knuckle) |
 * | 2 | MCP | PIP (proximal interphalangeal) |
 * | 3 | IP (interphalangeal) | DIP (distal interphalangeal) |
 * | 4 | tip | tip |
 *
 * STB names the thumb's joints mcp, pip, dip, tip like those of the other fingers; the joints are the same four.
 */
export type JointName = RootJointName | FingerJointName;

const ANATOMY = ['MCP', 'PIP', 'DIP', 'tip'] as const;
const THUMB_ANATOMY = ['CMC', 'MCP', 'IP', 'tip'] as const;

/** Name of the joint at one level of a finger. */
export function fingerJoint(finger: FingerName, level: FingerLevel): FingerJointName {
  return `${finger}${level}`;
}

/** The finger of a joint, or undefined for the wrist and the palm centre. */
export function fingerOf(joint: JointName): FingerName | undefined {
  return FINGER_NAMES.find((finger) => joint.startsWith(finger));
}

/**
 * What anatomists call the joint.
 *
 * @example
 * anatomicalName('thumb1'); // → 'thumb CMC'
 * anatomicalName('pinky2'); // → 'pinky PIP'
 * anatomicalName('palm'); // → 'palm centre'
 */
export function anatomicalName(joint: JointName): string {
  const finger = fingerOf(joint);
  if (finger === undefined) return joint === 'palm' ? 'palm centre' : joint;
  const level = Number(joint.at(-1)) as FingerLevel;
  return `${finger} ${(finger === 'thumb' ? THUMB_ANATOMY : ANATOMY)[level - 1]}`;
}

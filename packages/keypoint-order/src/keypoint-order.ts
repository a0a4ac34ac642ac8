import { KeypointOrderError } from './errors.js';
import { FINGER_LEVELS, FINGER_NAMES, fingerJoint, type JointName } from './joint-name.js';
import { KEYPOINT_ORDERS, type KeypointOrder, type KeypointOrderName } from './orders.js';

/** An order, its name, or one of its aliases (upper case, spaces and punctuation do not matter). */
export type KeypointOrderLike = KeypointOrderName | KeypointOrder | (string & Record<never, never>);

const FINGER_JOINTS = FINGER_NAMES.flatMap((finger) => FINGER_LEVELS.map((level) => fingerJoint(finger, level)));

const normalize = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const BY_NORMALIZED_NAME: ReadonlyMap<string, KeypointOrder> = new Map(
  Object.values(KEYPOINT_ORDERS).flatMap((order) =>
    [order.name, ...order.aliases].map((name) => [normalize(name), order] as const),
  ),
);

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substituted));
    }
    previous = row;
  }
  return previous[b.length]!;
}

function nearestName(name: string): string | undefined {
  const wanted = normalize(name);
  const candidates = Object.values(KEYPOINT_ORDERS)
    .flatMap((order) => [order.name, ...order.aliases])
    .map((candidate) => ({ candidate, distance: editDistance(wanted, normalize(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = candidates[0]!;
  return best.distance <= Math.max(1, Math.floor(normalize(best.candidate).length / 3)) ? best.candidate : undefined;
}

/**
 * The order of a name or an alias; an order is returned as it is.
 *
 * @param order name, alias, or an order
 * @throws KeypointOrderError for an unknown name; the message lists what is accepted and names the nearest one
 *
 * @example
 * keypointOrder('FreiHAND').name; // → 'panoptic'
 * keypointOrder('stb').joints[0]; // → 'palm'
 */
export function keypointOrder(order: KeypointOrderLike): KeypointOrder {
  if (typeof order !== 'string') return order;
  const found = BY_NORMALIZED_NAME.get(normalize(order));
  if (found !== undefined) return found;
  const accepted = Object.values(KEYPOINT_ORDERS).map(({ name, aliases }) => `${name} (${aliases.join(', ')})`);
  const nearest = nearestName(order);
  throw new KeypointOrderError(
    `keypointOrder: expected a keypoint order, got '${order}'${nearest === undefined ? '' : ` (did you mean '${nearest}'?)`}; accepted are ${accepted.join('; ')}.`,
    { expected: Object.values(KEYPOINT_ORDERS).flatMap(({ name, aliases }) => [name, ...aliases]), actual: order },
  );
}

/**
 * An order of one's own, to be passed wherever a name is accepted.
 *
 * @param name for messages
 * @param joints 21 names: 'wrist' or 'palm', and `thumb1` … `pinky4` once each
 * @throws KeypointOrderError if a joint is missing, unknown or there twice
 *
 * @example
 * const reversed = defineKeypointOrder('reversed', [...names('panoptic')].reverse());
 * permutation('panoptic', reversed)[0]; // → 20
 */
export function defineKeypointOrder(name: string, joints: readonly JointName[]): KeypointOrder {
  const roots = joints.filter((joint) => joint === 'wrist' || joint === 'palm');
  const missing = FINGER_JOINTS.filter((joint) => !joints.includes(joint));
  if (joints.length !== 21 || roots.length !== 1 || missing.length > 0) {
    throw new KeypointOrderError(
      `defineKeypointOrder: expected 'wrist' or 'palm' and each of thumb1 … pinky4 once for order '${name}', got ${joints.length} joints, ${roots.length} of them wrist or palm${missing.length > 0 ? `, without ${missing.join(', ')}` : ''}.`,
      { expected: ['wrist', ...FINGER_JOINTS], actual: joints },
    );
  }
  return Object.freeze({
    name,
    description: 'Defined by the caller.',
    aliases: Object.freeze([]),
    joints: Object.freeze([...joints]),
  });
}

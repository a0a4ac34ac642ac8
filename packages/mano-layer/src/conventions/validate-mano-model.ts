import { FINGER_NAMES } from '@opposable/keypoint-order';
import { validateParametricModel } from '@opposable/skinning/host';
import { ManoModelError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';
import { MANO_PARENTS } from './mano-topology.js';

/** Axis-angle numbers of the 15 finger joints. */
export const HAND_POSE_COUNT = 45;

function fail(message: string, expected?: unknown, actual?: unknown): never {
  throw new ManoModelError(`validateManoModel: ${message}`, { expected, actual });
}

function checkNumbers(name: string, array: ArrayLike<number> | undefined, length: number): void {
  if (array?.length !== length) {
    fail(`expected ${name} with ${length} numbers, got ${array?.length ?? 'none'}.`, length, array?.length);
  }
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(array[i])) fail(`expected finite numbers in ${name}, got ${array[i]} at ${i}.`, 'finite');
  }
}

function checkVertices(name: string, ids: readonly number[], vertexCount: number): void {
  const bad = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vertexCount);
  if (ids.length === 0) fail(`expected at least one vertex in ${name}, got none.`);
  if (bad >= 0) fail(`expected ${name} to name vertices 0 to ${vertexCount - 1}, got ${ids[bad]}.`, vertexCount);
}

/** Models found good; they are not written to afterwards, so that one check serves the loader and every layer. */
const checked = new WeakSet<ManoModel>();

/**
 * Checks a hand model: everything that `validateParametricModel` checks, MANO's tree of 16 joints, the pose basis,
 * landmarks and colours. The same object is checked once: a model's arrays must not be written to.
 *
 * @param model what is to be used as a hand
 * @returns the same model
 * @throws ManoModelError that names the first field found wrong, its value and what is accepted
 */
export function validateManoModel<M extends ManoModel>(model: M): M {
  if (checked.has(model)) return model;
  const { jointCount, vertexCount, parents, handsComponents, handsMean, landmarks, vertexColors, side } = model;
  if (jointCount !== MANO_PARENTS.length) fail(`expected 16 joints, got ${jointCount}.`, 16, jointCount);
  validateParametricModel(model);
  const stray = MANO_PARENTS.findIndex((parent, j) => parents[j] !== parent);
  if (stray >= 0) {
    fail(
      `expected MANO's tree (joint ${stray} hangs on ${MANO_PARENTS[stray]}), got parent ${parents[stray]}.`,
      MANO_PARENTS,
      Array.from(parents),
    );
  }
  if (side !== 'left' && side !== 'right') fail(`expected side to be left or right, got ${String(side)}.`);
  checkNumbers('handsMean', handsMean, HAND_POSE_COUNT);
  const rows = (handsComponents?.length ?? 0) / HAND_POSE_COUNT;
  if (!Number.isInteger(rows) || rows < 1 || rows > HAND_POSE_COUNT) {
    fail(
      `expected handsComponents with 1 to 45 rows of 45 numbers, got ${handsComponents?.length ?? 'no'} numbers.`,
      '[1 … 45, 45]',
      handsComponents?.length,
    );
  }
  checkNumbers('handsComponents', handsComponents, rows * HAND_POSE_COUNT);
  if (vertexColors !== undefined) checkNumbers('vertexColors', vertexColors, vertexCount * 3);
  if (landmarks !== undefined) {
    checkVertices(
      'landmarks.fingertips',
      FINGER_NAMES.map((finger) => landmarks.fingertips[finger]),
      vertexCount,
    );
    checkVertices('landmarks.palm', landmarks.palm, vertexCount);
  }
  checked.add(model);
  return model;
}

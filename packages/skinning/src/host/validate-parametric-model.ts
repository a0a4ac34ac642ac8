import { ManoModelError } from '@opposable/tensor-checks';
import type { FloatArray, ParametricModel } from './types.js';

/** How far the skinning weights of one vertex may sum from 1. */
export const WEIGHT_SUM_TOLERANCE = 1e-4;

function fail(message: string, expected?: unknown, actual?: unknown): never {
  throw new ManoModelError(`validateParametricModel: ${message}`, { expected, actual });
}

function checkArrays(model: ParametricModel): void {
  const { vertexCount: V, jointCount: J, shapeCount: S } = model;
  const arrays = {
    vTemplate: [V, 3],
    shapeDirs: [V, 3, S],
    poseDirs: [V, 3, 9 * (J - 1)],
    jRegressor: [J, V],
    lbsWeights: [V, J],
  } as const;
  for (const [name, shape] of Object.entries(arrays)) {
    const array = model[name as keyof typeof arrays];
    const length = shape.reduce((product, size) => product * size, 1);
    if (array?.length !== length) {
      fail(
        `expected ${name} with ${length} numbers ([${shape.join(', ')}]), got ${array?.length ?? 'none'}.`,
        shape,
        array?.length,
      );
    }
    const bad = firstNonFinite(array);
    if (bad >= 0) fail(`expected finite numbers in ${name}, got ${array[bad]} at ${bad}.`, 'finite', array[bad]);
  }
}

/** Place of the first number that is not finite, −1 without one: x − x is 0 for finite numbers only. */
function firstNonFinite(array: FloatArray): number {
  let zero = 0;
  for (let i = 0; i < array.length; i++) zero += array[i]! - array[i]!;
  return zero === 0 ? -1 : array.findIndex((value) => !Number.isFinite(value));
}

function checkTree({ parents, jointCount }: ParametricModel): void {
  if (parents?.length !== jointCount) {
    fail(`expected ${jointCount} parents, got ${parents?.length ?? 'none'}.`, jointCount, parents?.length);
  }
  for (let j = 0; j < jointCount; j++) {
    const parent = parents[j]!;
    if (j === 0 ? parent !== -1 : !(parent >= 0 && parent < j)) {
      const accepted = j === 0 ? '-1 (joint 0 is the root)' : `a joint before it (0 to ${j - 1})`;
      fail(`expected the parent of joint ${j} to be ${accepted}, got ${parent}.`, accepted, parent);
    }
  }
}

function checkFaces({ faces, vertexCount }: ParametricModel): void {
  if (faces === undefined || faces.length % 3 !== 0) {
    fail(`expected three vertex indices per face, got ${faces?.length ?? 'no'} indices.`, 'multiple of 3');
  }
  let bad = 0;
  while (bad < faces.length && faces[bad]! < vertexCount) bad++;
  if (bad < faces.length) {
    fail(
      `expected faces to name vertices 0 to ${vertexCount - 1}, got ${faces[bad]} in face ${Math.floor(bad / 3)}.`,
      vertexCount - 1,
      faces[bad],
    );
  }
}

function checkWeights({ lbsWeights, vertexCount, jointCount }: ParametricModel): void {
  for (let v = 0; v < vertexCount; v++) {
    let sum = 0;
    for (let j = 0; j < jointCount; j++) sum += lbsWeights[v * jointCount + j]!;
    if (Math.abs(sum - 1) > WEIGHT_SUM_TOLERANCE) {
      fail(
        `expected the skinning weights of every vertex to sum to 1, got ${Number(sum.toPrecision(6))} at vertex ${v}.`,
        1,
        sum,
      );
    }
  }
}

/** Models found good: they are read-only, so that once is enough. */
const checked = new WeakSet<ParametricModel>();

/**
 * Checks that the arrays of a model fit together: sizes, finite numbers, weights that sum to 1 within 1e-4, parents
 * that stand before their children, faces that name existing vertices. A model object that was found good is not checked again.
 *
 * @param model what is to be used as a parametric model
 * @returns the same model
 * @throws ManoModelError that names the first field found wrong, its value and what is accepted
 */
export function validateParametricModel<M extends ParametricModel>(model: M): M {
  if (checked.has(model)) return model;
  for (const [name, least] of [
    ['vertexCount', 1],
    ['jointCount', 1],
    ['shapeCount', 0],
  ] as const) {
    const count = model[name];
    if (!Number.isInteger(count) || count < least) {
      fail(`expected ${name} to be an integer of at least ${least}, got ${count}.`, least, count);
    }
  }
  checkArrays(model);
  checkTree(model);
  checkFaces(model);
  checkWeights(model);
  checked.add(model);
  return model;
}

import { createRng, ManoModelError } from '@opposable/tensor-checks';
import { HAND_PARENTS, syntheticModel } from '../test-support/synthetic-model.js';
import type { ParametricModel } from './types.js';
import { validateParametricModel } from './validate-parametric-model.js';

const model = syntheticModel({ vertexCount: 20, shapeCount: 3, parents: HAND_PARENTS, rng: createRng(3) });

function withChange<K extends 'vTemplate' | 'lbsWeights' | 'parents' | 'faces'>(
  field: K,
  index: number,
  value: number,
): ParametricModel {
  const array = model[field].slice();
  array[index] = value;
  return { ...model, [field]: array };
}

describe('validateParametricModel', () => {
  it('returns a good model', () => {
    expect(validateParametricModel(model)).toBe(model);
  });

  it.each([
    [{ ...model, vertexCount: 0 }, 'expected vertexCount to be an integer of at least 1, got 0.'],
    [{ ...model, shapeCount: 2.5 }, 'expected shapeCount to be an integer of at least 0, got 2.5.'],
    [{ ...model, shapeCount: 4 }, 'expected shapeDirs with 240 numbers ([20, 3, 4]), got 180.'],
    [{ ...model, poseDirs: new Float32Array(7) }, 'expected poseDirs with 8100 numbers ([20, 3, 135]), got 7.'],
    [
      { ...model, jRegressor: undefined } as unknown as ParametricModel,
      'expected jRegressor with 320 numbers ([16, 20]), got none.',
    ],
    [withChange('vTemplate', 7, NaN), 'expected finite numbers in vTemplate, got NaN at 7.'],
    [withChange('parents', 0, 0), 'expected the parent of joint 0 to be -1 (joint 0 is the root), got 0.'],
    [withChange('parents', 3, 3), 'expected the parent of joint 3 to be a joint before it (0 to 2), got 3.'],
    [withChange('parents', 3, -1), 'expected the parent of joint 3 to be a joint before it (0 to 2), got -1.'],
    [{ ...model, parents: new Int32Array(3) }, 'expected 16 parents, got 3.'],
    [withChange('faces', 5, 20), 'expected faces to name vertices 0 to 19, got 20 in face 1.'],
    [{ ...model, faces: new Uint32Array(4) }, 'expected three vertex indices per face, got 4 indices.'],
    [
      withChange('lbsWeights', 16, model.lbsWeights[16]! + 0.5),
      'expected the skinning weights of every vertex to sum to 1, got 1.5 at vertex 1.',
    ],
  ])('names what is wrong (%#)', (bad, message) => {
    expect(() => validateParametricModel(bad)).toThrow(ManoModelError);
    expect(() => validateParametricModel(bad)).toThrow(`validateParametricModel: ${message}`);
  });
});

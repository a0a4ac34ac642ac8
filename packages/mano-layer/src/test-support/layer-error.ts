import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Rng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { negateShapeX } from '../conventions/left-shape-bug.js';
import { ManoLayer } from '../layer/mano-layer.js';
import type { ManoModel } from '../types.js';
import { type ConventionFacts, expectedHand, type HandParameterSet, parameterSet } from './convention-facts.js';
import { largestDifference } from './reference-hand.js';
import { manoSizedHand } from './synthetic-hand.js';

const OUTPUTS = ['vertices', 'joints', 'keypoints'] as const;
const BATCH = 50;

export interface LayerCase {
  readonly layer: ManoLayer;
  readonly facts: ConventionFacts;
  /** The model whose loop is the truth. */
  readonly model: ManoModel;
}

/** A MANO-sized hand in a convention, with the random numbers for its parameters. Dispose of the layer. */
export function layerCase(facts: ConventionFacts, seed: number): { readonly subject: LayerCase; readonly rng: Rng } {
  const rng = createRng(seed).split(facts.convention).split(facts.side);
  const given = manoSizedHand(rng.split('model'), facts.side);
  const model = facts.unfixed === true ? negateShapeX(given) : given;
  return { subject: { layer: new ManoLayer(given, { convention: facts.convention }), facts, model }, rng };
}

/** Largest difference between the layer and the float64 loop over `count` parameter sets, in metres. */
export async function largestLayerError({ layer, facts, model }: LayerCase, count: number, rng: Rng): Promise<number> {
  let largest = 0;
  for (let start = 0; start < count; start += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, n) => parameterSet(start + n, facts, rng));
    const stacked = (name: keyof HandParameterSet) => tf.tensor2d(batch.map((set) => set[name]));
    const result = layer.forward({
      betas: stacked('betas'),
      handPose: stacked('handPose'),
      globalOrient: stacked('globalOrient'),
      transl: stacked('transl'),
    });
    const expected = batch.map((set) => expectedHand(model, facts, set));
    for (const name of OUTPUTS) {
      const wanted = expected.flatMap((hand) => hand[name]);
      const error = largestDifference(await result[name].data(), wanted) / facts.unit;
      largest = Math.max(largest, error); // NaN stays
    }
    tf.dispose(Object.values(result) as tf.Tensor[]);
  }
  return largest;
}

/**
 * Largest |a − b| / max(|b|, median |b|) over the gradient a of a random weighting of every output and the central
 * differences b of the float64 loop, over the parameter sets of these indices (0: zero pose; 1–5: half turns), per input.
 */
export async function gradientErrors(
  { layer, facts, model }: LayerCase,
  indices: readonly number[],
  rng: Rng,
): Promise<Record<string, number>> {
  const names = ['betas', 'handPose', 'globalOrient', 'transl'] as const;
  const sets = indices.map((index) => parameterSet(index, facts, rng));
  const normal = (count: number) => Array.from({ length: count }, () => rng.normal());
  const weights = { vertices: normal(model.vertexCount * 3), joints: normal(16 * 3), keypoints: normal(21 * 3) };
  const gradients = tf.grads((betas, handPose, globalOrient, transl) => {
    const result = layer.forward({
      betas: betas as tf.Tensor2D,
      handPose: handPose,
      globalOrient: globalOrient,
      transl: transl as tf.Tensor2D,
    });
    const sums = OUTPUTS.map((name) =>
      tf.sum<tf.Scalar>(tf.mul(tf.reshape(result[name], [sets.length, -1]), tf.tensor1d(weights[name]))),
    );
    return tf.addN(sums);
  })(names.map((name) => tf.tensor2d(sets.map((set) => set[name]))));
  const loss = (set: HandParameterSet) => {
    const hand = expectedHand(model, facts, set);
    return OUTPUTS.reduce((sum, name) => hand[name].reduce((part, x, i) => part + x * weights[name][i]!, sum), 0);
  };
  const errors: Record<string, number> = {};
  for (const [place, name] of names.entries()) {
    const expected = sets.flatMap((set) =>
      set[name].map((_, k) => {
        const shifted = (step: number) =>
          loss({ ...set, [name]: set[name].map((value, i) => (i === k ? value + step : value)) });
        return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      }),
    );
    const actual = await gradients[place]!.data();
    const sizes = expected.map(Math.abs).sort((a, b) => a - b);
    const median = sizes[sizes.length >> 1]!;
    errors[name] = Math.max(...expected.map((b, i) => Math.abs(actual[i]! - b) / Math.max(Math.abs(b), median)));
  }
  tf.dispose(gradients);
  return errors;
}

/** Puts the wasm backend (or what a test run has in its place) to work, with the fused kernel or without. */
export async function prepareWasm({ fused }: { readonly fused: boolean }): Promise<void> {
  await tf.setBackend('wasm');
  await tf.ready();
  if (fused) registerWasmTrainingKernels();
  expect(tf.getKernel('OpposableParametricModel', tf.getBackend()) !== undefined).toBe(fused);
}

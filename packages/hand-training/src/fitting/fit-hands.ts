import * as tf from '@tensorflow/tfjs-core';
import { projectPerspective } from '@opposable/geometry';
import { ManoLayer, type ManoModel } from '@opposable/mano-layer';
import { ConfigError } from '@opposable/tensor-checks';
import { adam, cosineDecay, disposeOptimizerState, fit } from '@opposable/training';
import { checkFitTargets } from './check-fit-targets.js';
import { fitObjective, type FitTargetTensors, fitTargetTensors, type FitVariables, translOf } from './fit-objective.js';
import { placeRigidly } from './place-rigidly.js';
import type { FitHandsOptions, FitTargets, FittedHands, FitWeights } from './types.js';

export const FIT_HANDS_DEFAULTS = {
  iterations: 500,
  learningRate: 0.1,
  weights: { keypoints2d: 1, keypoints3d: 1, coefficients: 0.2 },
  logEvery: 50,
} as const satisfies Omit<FitHandsOptions, 'coefficients'>;

/**
 * Fits a hand model to labelled keypoints of N hands, all at once and without a network: what the model can express.
 *
 * Minimises, over the orientation, translation, P pose and S shape coefficients of each hand,
 *
 *     w₂·mean((u − û)²) + w₃·mean((X − X̄ − X̂ + X̂̄)²) + w_c·(Σ pose² + Σ betas²)
 *
 * with û the perspective projection of the model's keypoints X̂ by the real camera, over all visible 2D keypoints (px²)
 * and all 3D keypoints about their mean (mm²). Only the projection thus places the hand. Starts from the mean pose and
 * shape, placed rigidly on the 3D keypoints; Adam with a cosine learning rate. Without chance: the same input gives
 * the same numbers. On an active backend that can train, see `chooseBackend`.
 *
 * @param hand a right hand for right hands, a left one for left hands
 * @param targets keypoints3d [N, 21, 3] mm, keypoints [N, 21, 2] px, visibility [N, 21], intrinsics [N, 3, 3] px
 * @param options `coefficients` P is required
 * @returns parameters, keypoints and vertices as plain arrays; no tensor is left behind
 * @throws ShapeError or DatasetError for targets that cannot be used; ConfigError for an option out of range; the
 *   signal's reason once aborted
 */
export async function fitHands(hand: ManoModel, targets: FitTargets, options: FitHandsOptions): Promise<FittedHands> {
  const { coefficients, logger, signal } = options;
  const { iterations, learningRate, weights } = resolved(options);
  const count = checkFitTargets(targets);
  signal?.throwIfAborted();
  const layer = new ManoLayer(hand, {
    flatHandMean: false,
    numPcaComponents: coefficients,
    keypointOrder: 'panoptic',
  });
  const placed = placeRigidly(await restKeypoints(layer), targets.keypoints3d);
  const variable = (values: Float32Array, width: number) =>
    tf.tidy(() => tf.variable<tf.Rank.R2>(tf.tensor2d(values, [count, width])));
  const variables = {
    globalOrient: variable(placed.globalOrient, 3),
    shift: variable(new Float32Array(count * 3), 3),
    handPose: variable(new Float32Array(count * coefficients), coefficients),
    betas: variable(new Float32Array(count * hand.shapeCount), hand.shapeCount),
  };
  const start = tf.tensor2d(placed.transl, [count, 3]);
  const tensors = fitTargetTensors(targets, count);
  try {
    const result = await fit({
      variables: variables,
      computeLoss: () => fitObjective(layer, tensors, start, variables, weights),
      batches: endless(),
      disposeBatch: () => undefined,
      countSamples: () => count,
      iterations,
      optimizer: adam(),
      learningRate: cosineDecay({ initial: learningRate, iterations }),
      logEvery: options.logEvery ?? FIT_HANDS_DEFAULTS.logEvery,
      logger,
      signal,
    });
    disposeOptimizerState(result.optimizerState);
    signal?.throwIfAborted();
    return await readFit(layer, tensors, start, variables);
  } finally {
    tf.dispose([variables, start, tensors] as unknown as tf.TensorContainer);
    layer.dispose();
  }
}

function resolved(options: FitHandsOptions): { iterations: number; learningRate: number; weights: FitWeights } {
  const { iterations = FIT_HANDS_DEFAULTS.iterations, learningRate = FIT_HANDS_DEFAULTS.learningRate } = options;
  const weights = { ...FIT_HANDS_DEFAULTS.weights, ...options.weights };
  const check = (fits: boolean, name: string, expected: string, actual: unknown) => {
    if (fits) return;
    throw new ConfigError(`fitHands: expected ${name} to be ${expected}, got ${String(actual)}.`, { expected, actual });
  };
  check(Number.isInteger(iterations) && iterations >= 1, 'iterations', 'an integer of at least 1', iterations);
  check(learningRate > 0 && learningRate < Infinity, 'learningRate', 'above 0', learningRate);
  for (const [name, value] of Object.entries(weights)) {
    check(
      Object.hasOwn(FIT_HANDS_DEFAULTS.weights, name),
      'weights',
      'of keypoints2d, keypoints3d, coefficients',
      name,
    );
    check(value >= 0 && value < Infinity, `weights.${name}`, 'at least 0', value);
  }
  return { iterations, learningRate, weights };
}

/** Every step sees all the targets: the batches say only that there is another step. */
function* endless(): Generator<object, never> {
  for (;;) yield {};
}

/** [21, 3] metres: the keypoints of the mean pose and shape at zero orientation. */
async function restKeypoints(layer: ManoLayer): Promise<Float32Array> {
  const rest = tf.tidy(
    () =>
      layer.forward(
        {
          globalOrient: tf.zeros([1, 3]),
          handPose: tf.zeros([1, layer.options.numPcaComponents]),
          betas: tf.zeros([1, layer.model.shapeCount]),
        },
        { vertices: false },
      ).keypoints,
  );
  try {
    return await rest.data<'float32'>();
  } finally {
    rest.dispose();
  }
}

async function readFit(
  layer: ManoLayer,
  targets: FitTargetTensors,
  start: tf.Tensor2D,
  variables: FitVariables,
): Promise<FittedHands> {
  const { globalOrient, shift, handPose, betas } = variables;
  const [count, coefficients] = handPose.shape;
  const found = tf.tidy(() => {
    const transl = translOf(start, shift);
    const { keypoints, vertices } = layer.forward({ globalOrient, handPose, betas, transl });
    return {
      transl,
      vertices,
      keypoints3d: tf.mul(keypoints, 1000),
      keypoints2d: projectPerspective(keypoints, targets.intrinsics),
    };
  });
  try {
    return {
      count,
      coefficients,
      parameters: {
        globalOrient: await globalOrient.data<'float32'>(),
        transl: await found.transl.data<'float32'>(),
        handPose: await handPose.data<'float32'>(),
        betas: await betas.data<'float32'>(),
      },
      keypoints3d: await found.keypoints3d.data<'float32'>(),
      keypoints2d: await found.keypoints2d.data<'float32'>(),
      vertices: await found.vertices.data<'float32'>(),
    };
  } finally {
    tf.dispose(found);
  }
}

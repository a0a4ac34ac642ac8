import { join } from 'node:path';
import { access } from 'node:fs/promises';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  createHandParameterLayer,
  createHandRegressor,
  type HandRegressorOptions,
  INPUT_NORMALIZATIONS,
  type InputNormalization,
} from '@opposable/hand-regressor';
import type { ManoLayer, ManoModel } from '@opposable/mano-layer';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng, FileFormatError, type Rng } from '@opposable/tensor-checks';
import { type NamedVariables, type OptimizerState, restoreVariables } from '@opposable/training';
import { loadCheckpoint, saveCheckpoint } from '@opposable/training/node';
import { fuseActivations } from '@opposable/wasm-training';

/** What a network is, so that it can be built again: the options of `createHandRegressor` but for its weights. */
export type NetworkInfo = Readonly<Omit<HandRegressorOptions, 'rng'>>;

/** What stands beside the weights. */
export interface RunInfo {
  readonly network: NetworkInfo;
  /** The hand whose shape and pose coefficients the network speaks of. */
  readonly hand: 'open-hand';
  /** What the model itself does to the colours; all that is done outside of it is to divide pixels by 255. */
  readonly inputNormalization: InputNormalization;
  /** Every stage that the weights went through. */
  readonly stages: readonly { readonly name: string; readonly iterations: number }[];
}

/** A network with the hand that it predicts. `dispose()` frees both. */
export interface HandRun {
  readonly model: LayersModel;
  readonly layer: ManoLayer;
  readonly hand: ManoModel;
  readonly info: RunInfo;
  dispose(): void;
}

/** Name of the checkpoint folder within a run. */
const CHECKPOINT = 'checkpoint';

/** Trainable variables by names that are the same in every process (`conv1/kernel`). */
export function trainableVariables(model: LayersModel): NamedVariables {
  return Object.fromEntries(
    model.trainableWeights.map((weight) => [weight.originalName, weight.read() as tf.Variable]),
  );
}

/** What the forward pass writes in training: the moving mean and variance of batch normalisation. */
export function runningAverages(model: LayersModel): NamedVariables {
  return Object.fromEntries(
    model.nonTrainableWeights.map((weight) => [weight.originalName, weight.read() as tf.Variable]),
  );
}

/** All variables, running averages of batch normalisation included. */
export function allVariables(model: LayersModel): NamedVariables {
  return Object.fromEntries(model.weights.map((weight) => [weight.originalName, weight.read() as tf.Variable]));
}

function assemble(model: LayersModel, info: RunInfo): HandRun {
  const hand = loadOpenHand('right');
  const layer = createHandParameterLayer(hand);
  fuseActivations(model);
  return {
    model,
    layer,
    hand,
    info,
    dispose() {
      model.dispose();
      layer.dispose();
    },
  };
}

function build(network: NetworkInfo, rng: Rng | undefined): HandRun {
  const model = createHandRegressor({ ...network, rng });
  const { inputNormalization = 'unit' } = network;
  return assemble(model, { network, hand: 'open-hand', inputNormalization, stages: [] });
}

/** A new network with random weights. */
export function createRun(network: NetworkInfo, seed: number | string): HandRun {
  return build(network, createRng(seed).split('weights'));
}

/** The same run after one more stage. */
export function afterStage(run: HandRun, name: string, iterations: number): HandRun {
  return { ...run, info: { ...run.info, stages: [...run.info.stages, { name, iterations }] } };
}

/** Writes `<folder>/checkpoint`, complete or not at all. */
export async function saveRun(folder: string, run: HandRun, optimizerState?: OptimizerState): Promise<void> {
  await saveCheckpoint(join(folder, CHECKPOINT), {
    variables: allVariables(run.model),
    ...(optimizerState === undefined ? {} : { optimizerState }),
    state: run.info,
  });
}

function isRunInfo(state: unknown): state is RunInfo {
  const info = state as Partial<RunInfo> | null;
  const network = info?.network;
  return (
    typeof network?.encoder === 'string' &&
    Number.isInteger(network.inputSize) &&
    info?.hand === 'open-hand' &&
    Object.hasOwn(INPUT_NORMALIZATIONS, info.inputNormalization ?? '') &&
    info.inputNormalization === (network.inputNormalization ?? 'unit') &&
    Array.isArray(info.stages)
  );
}

/**
 * Loads the network of a run.
 *
 * @param folder of a run, or its checkpoint folder
 * @throws FileFormatError if there is no checkpoint, or one that is damaged or not of a hand regressor
 */
export async function loadRun(folder: string): Promise<HandRun> {
  const inside = join(folder, CHECKPOINT);
  const path = await access(inside).then(
    () => inside,
    () => folder,
  );
  const { variables, state } = await loadCheckpoint(path);
  if (!isRunInfo(state)) {
    throw new FileFormatError(`loadRun: expected the checkpoint of a hand regressor in ${path}, found another kind.`, {
      expected: 'network, hand, inputNormalization, stages',
      actual: state,
    });
  }
  const run = build(state.network, undefined);
  try {
    restoreVariables(allVariables(run.model), variables);
  } catch (error) {
    run.dispose();
    throw error;
  }
  return { ...run, info: state };
}

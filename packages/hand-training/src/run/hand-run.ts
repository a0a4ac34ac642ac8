import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  createHandParameterLayer,
  createHandRegressor,
  foldNormalizations,
  type HandRegressorOptions,
  INPUT_NORMALIZATIONS,
  type InputNormalization,
} from '@opposable/hand-regressor';
import type { ManoLayer, ManoModel } from '@opposable/mano-layer';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng, type Rng } from '@opposable/tensor-checks';
import type { NamedVariables } from '@opposable/training';
import { foldPadding, fuseActivations } from '@opposable/wasm-training';

/** What a network is, so that it can be built again: the options of `createHandRegressor` but for its weights. */
export type NetworkInfo = Readonly<Omit<HandRegressorOptions, 'rng'>>;

/** The open hand, or a hand model in a file of the user's, such as MANO's right hand, known again by its bytes. */
export type HandReference = 'open-hand' | { readonly file: string; readonly sha256: string };

/** A right hand and how a run remembers it. */
export interface RunHand {
  readonly model: ManoModel;
  readonly reference: HandReference;
}

/** The hand of a run where nothing else is said. */
export const openHand = (): RunHand => ({ model: loadOpenHand('right'), reference: 'open-hand' });

/** What stands beside the weights. */
export interface RunInfo {
  readonly network: NetworkInfo;
  /** The hand whose shape and pose coefficients the network speaks of. */
  readonly hand: HandReference;
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

function assemble(model: LayersModel, hand: ManoModel, info: RunInfo): HandRun {
  const layer = createHandParameterLayer(hand);
  foldPadding(model);
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

function build(network: NetworkInfo, { model: hand, reference }: RunHand, rng: Rng | undefined): HandRun {
  const model = createHandRegressor({ ...network, rng });
  const { inputNormalization = 'unit' } = network;
  return assemble(model, hand, { network, hand: reference, inputNormalization, stages: [] });
}

/** The network of a run with all weights zero, for weights that will be loaded. */
export function createEmptyRun(info: RunInfo, hand: ManoModel): HandRun {
  return { ...build(info.network, { model: hand, reference: info.hand }, undefined), info };
}

/** A new network with random weights, for the open hand or another one. */
export function createRun(network: NetworkInfo, seed: number | string, hand: RunHand = openHand()): HandRun {
  return build(network, hand, createRng(seed).split('weights'));
}

/** The run for inference alone, in place of the other, whose network is freed: normalisations are in the weights. */
export function forInference(run: HandRun): HandRun {
  const model = foldNormalizations(run.model);
  run.model.dispose();
  foldPadding(model);
  return { ...run, model, dispose: () => [model, run.layer].forEach((owner) => owner.dispose()) };
}

/** The same run after one more stage. */
export function afterStage(run: HandRun, name: string, iterations: number): HandRun {
  return { ...run, info: { ...run.info, stages: [...run.info.stages, { name, iterations }] } };
}

function isHandReference(value: unknown): value is HandReference {
  if (value === 'open-hand') return true;
  const { file, sha256 } = (value ?? {}) as Partial<Record<'file' | 'sha256', unknown>>;
  return typeof file === 'string' && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}

/** Whether what stands beside weights is of a hand regressor. */
export function isRunInfo(state: unknown): state is RunInfo {
  const info = state as Partial<RunInfo> | null;
  const network = info?.network;
  return (
    typeof network?.encoder === 'string' &&
    Number.isInteger(network.inputSize) &&
    isHandReference(info?.hand) &&
    Object.hasOwn(INPUT_NORMALIZATIONS, info.inputNormalization ?? '') &&
    info.inputNormalization === (network.inputNormalization ?? 'unit') &&
    Array.isArray(info.stages) &&
    info.stages.every(
      (stage: Partial<RunInfo['stages'][number]> | null) =>
        typeof stage?.name === 'string' && Number.isInteger(stage.iterations),
    )
  );
}

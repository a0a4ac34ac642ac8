import { add, mul, reshape, rsqrt, type serialization, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type layers, type LayersModel, model as createModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ConfigError } from '@opposable/tensor-checks';
import { afterNormalization, type FoldedNormalization } from './normalization-chains.js';

type Layer = layers.Layer;

/** W′ = W·f and b′ = (b − mean)·f + β of each output channel, f = γ / √(variance + ε). */
function foldedWeights(layer: Layer, normalization: Layer): { weight: Tensor; bias: Tensor } {
  const [weight, ownBias] = layer.getWeights() as [Tensor, Tensor?];
  const { scale, center, epsilon } = normalization.getConfig() as { scale: boolean; center: boolean; epsilon: number };
  const rest = normalization.getWeights();
  const gamma = scale ? rest.shift()! : undefined;
  const beta = center ? rest.shift()! : undefined;
  const [mean, variance] = rest as [Tensor, Tensor];
  const root = rsqrt(add(variance, epsilon));
  const factor = gamma ? mul(gamma, root) : root;
  const shifted = mul(sub(ownBias ?? 0, mean), factor);
  // The last two axes of a depthwise filter, [channels, multiplier], are the output channels together.
  const isDepthwise = layer.getClassName() === 'DepthwiseConv2D';
  return {
    weight: mul(weight, isDepthwise ? reshape(factor, weight.shape.slice(-2)) : factor),
    bias: beta ? add(shifted, beta) : shifted,
  };
}

/** A layer of the same class that shares nothing with the other; without its initial weights, which may be costly to draw. */
function copyOf(layer: Layer, changes: serialization.ConfigDict = {}): Layer {
  const zeros = { className: 'Zeros', config: {} };
  const config = { ...layer.getConfig(), ...changes };
  for (const key of Object.keys(config)) if (key.endsWith('Initializer')) config[key] = zeros;
  const Class = layer.constructor as serialization.SerializableConstructor<Layer>;
  return Class.fromConfig(Class, config);
}

/** The copy with the weights of the layer, and of the normalisation behind it. */
function applyCopy(layer: Layer, folded: FoldedNormalization | undefined, input: SymbolicTensor[]): SymbolicTensor {
  const inputs = input.length === 1 ? input[0]! : input;
  if (folded === undefined) {
    const copy = copyOf(layer);
    if (input.length === 0) return copy.output as SymbolicTensor;
    const output = copy.apply(inputs) as SymbolicTensor;
    copy.setWeights(layer.getWeights());
    return output;
  }
  const copy = copyOf(layer, { useBias: true, activation: folded.activation });
  const output = copy.apply(inputs) as SymbolicTensor;
  tidy(() => {
    const { weight, bias } = foldedWeights(layer, folded.normalization);
    copy.setWeights([weight, bias]);
  });
  return output;
}

/**
 * The same network for inference alone: every batch normalisation that stands directly behind a convolution or a dense layer is in its
 * weights, and the ReLU behind that in its activation.
 *
 *   W′ = W·f,  b′ = (b − mean)·f + β,  f = γ / √(variance + ε)
 *
 * Results are those of `model` with `training: false` up to the rounding of float32. Left as they are: normalisations of
 * what is used elsewhere too, is an output, or comes from an activation.
 *
 * @param model functional, each layer used once, one tensor out of each; stays as it is and remains the caller's
 * @returns a model of the same inputs and outputs that shares no weights with the other; the caller disposes it
 * @throws ConfigError if a layer is used twice
 *
 * @example
 * const fast = foldNormalizations(network);
 * const maps = fast.predict(images);
 */
export function foldNormalizations(model: LayersModel): LayersModel {
  const shared = model.layers.find(({ inboundNodes }) => inboundNodes.length !== 1);
  if (shared !== undefined) {
    throw new ConfigError(
      `foldNormalizations: expected every layer to be used once, "${shared.name}" is used ${shared.inboundNodes.length} times.`,
      { expected: 1, actual: shared.inboundNodes.length },
    );
  }
  const folds = afterNormalization(model);
  const skipped = new Set([...folds.values()].flatMap(({ normalization, relu }) => [normalization, relu]));
  const results = new Map<Layer, SymbolicTensor>();
  for (const layer of model.layers) {
    const inputs = layer.inboundNodes[0]!.inboundLayers.map((before) => results.get(before)!);
    results.set(layer, skipped.has(layer) ? inputs[0]! : applyCopy(layer, folds.get(layer), inputs));
  }
  const of = (layers: readonly Layer[]): SymbolicTensor[] => layers.map((layer) => results.get(layer)!);
  return createModel({ inputs: of(model.inputLayers), outputs: of(model.outputLayers), name: model.name });
}

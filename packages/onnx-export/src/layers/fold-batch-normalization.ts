import type { HostArray, LayerDescription } from './types.js';

/** Layers that are linear in each output channel. */
const LINEAR = ['Conv2D', 'DepthwiseConv2D', 'Dense'];

/** y = scale·x + shift of each channel, in float64. */
export function normalizationAffine({ weights, config }: LayerDescription): { scale: number[]; shift: number[] } {
  const { weight, bias, running_mean: mean, running_var: variance } = weights;
  const epsilon = config['epsilon'] as number;
  const scale = Array.from(variance!.data, (value, c) => (weight?.data[c] ?? 1) / Math.sqrt(value + epsilon));
  return { scale, shift: scale.map((factor, c) => (bias?.data[c] ?? 0) - factor * mean!.data[c]!) };
}

function scaled({ shape, data }: HostArray, scale: readonly number[]): HostArray {
  const size = data.length / scale.length;
  const out = new Float32Array(data.length);
  scale.forEach((factor, channel) => {
    for (let i = channel * size; i < (channel + 1) * size; i++) out[i] = factor * data[i]!;
  });
  return { shape, data: out };
}

/**
 * Puts every normalisation that stands directly behind a convolution or a linear layer into its weights; it then only hands on
 * what it is given.
 *
 * Left as they are: normalisations of what is used elsewhere too, or comes from an activation or another kind of layer.
 *
 * @returns new descriptions, and how many normalisations were folded
 */
export function foldBatchNormalization(
  layers: readonly LayerDescription[],
  outputs: readonly string[],
): { layers: LayerDescription[]; folded: number } {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const uses = (name: string): number =>
    layers.filter(({ inputs }) => inputs.includes(name)).length + (outputs.includes(name) ? 1 : 0);
  const replaced = new Map<string, LayerDescription>();
  let folded = 0;
  for (const layer of layers) {
    if (layer.className !== 'BatchNormalization') continue;
    const before = byName.get(layer.inputs[0]!)!;
    const activation = before.config['activation'] ?? 'linear';
    if (!LINEAR.includes(before.className) || activation !== 'linear' || uses(before.name) !== 1) continue;
    const { scale, shift } = normalizationAffine(layer);
    const { weight, bias } = before.weights;
    const data = Float32Array.from(scale, (factor, c) => factor * (bias?.data[c] ?? 0) + shift[c]!);
    const weights = { weight: scaled(weight!, scale), bias: { shape: [data.length], data } };
    replaced.set(before.name, { ...before, weights });
    replaced.set(layer.name, { ...layer, className: 'Identity', weights: {} });
    folded++;
  }
  return { layers: layers.map((layer) => replaced.get(layer.name) ?? layer), folded };
}

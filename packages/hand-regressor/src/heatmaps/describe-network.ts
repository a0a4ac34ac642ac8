import type { LayersModel } from '@tensorflow/tfjs-layers';

/** One layer of a network that has weights or changes the shape. */
export interface LayerRow {
  readonly name: string;
  readonly kind: string;
  /** without the batch */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
}

export interface NetworkDescription {
  readonly layers: readonly LayerRow[];
  /** What the optimiser changes. */
  readonly trainable: number;
  /** Running averages of normalisation layers. */
  readonly fixed: number;
}

const count = (shape: readonly (number | null)[]): number =>
  shape.reduce<number>((product, size) => product * size!, 1);

/** The layers of a network with the shapes of their outputs and how many numbers each holds. */
export function describeNetwork(model: LayersModel): NetworkDescription {
  const total = (weights: LayersModel['weights']): number => weights.reduce((sum, { shape }) => sum + count(shape), 0);
  return {
    layers: model.layers.map((layer) => ({
      name: layer.name,
      kind: layer.getClassName(),
      outputShape: (layer.outputShape as (number | null)[]).slice(1),
      parameters: layer.countParams(),
    })),
    trainable: total(model.trainableWeights),
    fixed: total(model.nonTrainableWeights),
  };
}

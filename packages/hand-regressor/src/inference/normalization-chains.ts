import type { layers, LayersModel } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** What goes into the weights and the activation of the layer before it. */
export interface FoldedNormalization {
  readonly normalization: Layer;
  readonly relu: Layer | undefined;
  /** Name of the activation that stands for `relu`. */
  readonly activation: 'linear' | 'relu' | 'relu6';
}

/** Layers that are linear in each output channel. */
const LINEAR = ['Conv2D', 'DepthwiseConv2D', 'Dense'];

/** The activation that a layer is, if it is one that convolutions have too. */
function activationOf(layer: Layer): 'relu' | 'relu6' | undefined {
  const { maxValue, activation } = layer.getConfig();
  if (layer.getClassName() === 'Activation')
    return activation === 'relu' || activation === 'relu6' ? activation : undefined;
  if (layer.getClassName() !== 'ReLU') return undefined;
  if (maxValue === undefined || maxValue === null) return 'relu';
  return maxValue === 6 ? 'relu6' : undefined;
}

/** Whether a layer is a batch normalisation over the last axis. */
function isOfChannels(layer: Layer): boolean {
  if (layer.getClassName() !== 'BatchNormalization') return false;
  const axis = layer.getConfig()['axis'] as number;
  return axis === -1 || axis === layer.outputShape.length - 1;
}

/** The convolutions and dense layers of a model that a normalisation follows, with it and the ReLU after it. */
export function afterNormalization(model: LayersModel): Map<Layer, FoldedNormalization> {
  const outputs = new Set(model.outputLayers);
  const nextOf = (layer: Layer): Layer | undefined =>
    layer.outboundNodes.length === 1 && !outputs.has(layer) ? layer.outboundNodes[0]!.outboundLayer : undefined;
  const folds = new Map<Layer, FoldedNormalization>();
  for (const layer of model.layers) {
    const { activation = 'linear', dataFormat = 'channelsLast' } = layer.getConfig();
    if (!LINEAR.includes(layer.getClassName()) || activation !== 'linear' || dataFormat !== 'channelsLast') continue;
    const normalization = nextOf(layer);
    if (normalization === undefined || !isOfChannels(normalization)) continue;
    const relu = nextOf(normalization);
    const by = relu && activationOf(relu);
    folds.set(
      layer,
      by ? { normalization, relu, activation: by } : { normalization, relu: undefined, activation: 'linear' },
    );
  }
  return folds;
}

import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { torchWeights } from '@opposable/hand-regressor';
import { ConfigError } from '@opposable/tensor-checks';
import type { HostArray, LayerDescription } from './types.js';

function only(tensors: SymbolicTensor | SymbolicTensor[], layer: string): SymbolicTensor {
  if (!Array.isArray(tensors)) return tensors;
  if (tensors.length === 1) return tensors[0]!;
  throw new ConfigError(`layersModelToOnnx: expected layers with one output, ${layer} has ${tensors.length}.`, {
    expected: 1,
    actual: tensors.length,
  });
}

/**
 * The layers of a functional model as plain data, every layer after those that it takes its inputs from.
 *
 * @throws ConfigError for a layer that is used more than once, or has several outputs; what `torchWeights` throws
 */
export async function describeLayers(model: LayersModel): Promise<LayerDescription[]> {
  const weights = await torchWeights(model);
  return model.layers.map((layer): LayerDescription => {
    const { name } = layer;
    if (layer.inboundNodes.length !== 1) {
      throw new ConfigError(
        `layersModelToOnnx: expected every layer to be used once, ${name} is used ${layer.inboundNodes.length} times.`,
        { expected: 1, actual: layer.inboundNodes.length },
      );
    }
    const isInput = layer.getClassName() === 'InputLayer';
    const inputs = isInput ? [] : [layer.input].flat();
    const own = [...weights].filter(([key]) => key.startsWith(`${name}.`) && !key.slice(name.length + 1).includes('.'));
    return {
      name,
      className: layer.getClassName(),
      config: layer.getConfig(),
      weights: Object.fromEntries(own.map(([key, array]): [string, HostArray] => [key.slice(name.length + 1), array])),
      inputs: inputs.map(({ sourceLayer }) => sourceLayer.name),
      inputShapes: inputs.map(({ shape }) => shape),
      outputShape: only(layer.output, name).shape,
    };
  });
}

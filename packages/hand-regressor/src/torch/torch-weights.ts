import type { LayersModel } from '@tensorflow/tfjs-layers';
import { torchParameters, type TorchParameter } from './torch-parameters.js';
import { transpose } from './transpose.js';

/**
 * The weights of a model as PyTorch names, shapes and orders them: what `loadTorchWeights` takes, and what a file for
 * PyTorch holds.
 *
 * @returns by name, in the order of the layers
 */
export async function torchWeights(
  model: LayersModel,
): Promise<Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>> {
  const read = async ({ name, shape, axes, variable }: TorchParameter) => {
    const data = transpose(await variable.data<'float32'>(), variable.shape, axes);
    return [name, { shape, data }] as const;
  };
  return new Map(await Promise.all(torchParameters(model).map(read)));
}

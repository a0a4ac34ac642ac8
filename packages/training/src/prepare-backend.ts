import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';

/**
 * Makes a backend active and able to train: on wasm it also registers the kernels that wasm lacks.
 *
 * The application imports the backend's package itself, and `@tensorflow/tfjs-layers` once for the gradients.
 *
 * @param name of a backend whose package is imported, as `'wasm'`
 * @throws ConfigError if that backend is not there or does not start
 */
export async function prepareBackend(name: string): Promise<void> {
  const known = Object.keys(tf.engine().registryFactory);
  const started = known.includes(name) && (await tf.setBackend(name));
  if (!started) {
    const reason = known.includes(name) ? 'it does not start here' : 'its package is not imported';
    throw new ConfigError(
      `prepareBackend: cannot use backend "${name}", ${reason}; imported are ${known.map((b) => `"${b}"`).join(', ') || 'none'}.`,
      { expected: known, actual: name },
    );
  }
  await tf.ready();
  if (name === 'wasm') registerWasmTrainingKernels();
}

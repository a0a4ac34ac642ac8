import * as tf from '@tensorflow/tfjs-core';
import { prepareBackend } from '@opposable/training';
import { ConfigError } from '@opposable/tensor-checks';
import { importPeer } from './import-peer.js';
import type { ImportPackage } from './types.js';

/** That of the other packages of TensorFlow.js: two versions are two engines. */
const VERSION = '4.22.0';

const PACKAGES = {
  node: { name: '@tensorflow/tfjs-node', note: "its installation downloads TensorFlow's library" },
  'node-gpu': {
    name: '@tensorflow/tfjs-node-gpu',
    note: "its installation downloads TensorFlow's library, and it needs CUDA 11.2 and cuDNN 8.1",
  },
} as const;

/** TensorFlow's own library, which both packages register as the backend "tensorflow". */
export async function startTensorFlow(importPackage: ImportPackage, backend: keyof typeof PACKAGES): Promise<void> {
  const { name, note } = PACKAGES[backend];
  await importPeer(importPackage, { backend, name, version: VERSION, note });
  await prepareBackend('tensorflow');
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
  if (backend === 'node-gpu' && isUsingGpuDevice === false) {
    throw new ConfigError(
      `chooseBackend: backend "node-gpu" does not start, because ${name} finds no GPU that it can use (${note}).`,
      { expected: 'a GPU', actual: 'none' },
    );
  }
}

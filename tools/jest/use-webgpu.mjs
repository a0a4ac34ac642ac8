// Where a test asks for the wasm backend it gets webgpu: by `npm run test:webgpu`, which finds an adapter first.
import * as tf from '@tensorflow/tfjs-core';
import { provideWebGpu } from '@opposable/webgpu-kernels/node';
import { registerWebGpuKernels } from '@opposable/webgpu-kernels';

provideWebGpu(await import('webgpu'));
await import('@tensorflow/tfjs-backend-webgpu');
const engine = tf.engine();
const setBackend = engine.setBackend.bind(engine);
engine.setBackend = (name) => setBackend(name === 'wasm' ? 'webgpu' : name);
await tf.setBackend('webgpu');
await tf.ready();
const result = registerWebGpuKernels();
if (!result.registered) throw new Error(result.reason);

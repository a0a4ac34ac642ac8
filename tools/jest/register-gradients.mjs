// tfjs-core alone registers no gradients under Node; importing tfjs-layers once does. Libraries never do this themselves.
const warn = console.warn;
console.warn = () => {}; // the cpu backend prints a banner on its first operation
await import('@tensorflow/tfjs-layers');
await import('@tensorflow/tfjs-backend-cpu');
const wasm = await import('@tensorflow/tfjs-backend-wasm');
void wasm;
console.warn = (...message) => {
  if (!String(message[0]).includes('Hi, looks like you are running TensorFlow.js')) warn(...message);
};
if (process.env.OPPOSABLE_TEST_BACKEND === 'webgpu') await import('./use-webgpu.mjs');
if (process.env.OPPOSABLE_TEST_RELAXED_SIMD === '1') await import('./use-relaxed-simd.mjs');

// By relaxed-simd.slow.test.ts of wasm-training: what Node.js 20 has behind a flag, for all tests of the process.
import { setFlagsFromString } from 'node:v8';
import { wasmFeatures } from '@opposable/wasm-training';

setFlagsFromString('--experimental-wasm-relaxed-simd');
if (!wasmFeatures().relaxedSimd) {
  throw new Error(`use-relaxed-simd: expected an engine with relaxed SIMD, got Node.js ${process.version}.`);
}

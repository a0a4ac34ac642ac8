import { fileURLToPath } from 'node:url';
import preset from './jest.preset.mjs';

/** For packages that compute with TensorFlow.js: gradients registered, cpu and wasm backends available. */
export default {
  ...preset,
  setupFiles: [fileURLToPath(new URL('./tools/jest/register-gradients.mjs', import.meta.url))],
};

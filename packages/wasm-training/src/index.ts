export {
  type Registration,
  registerWasmTrainingKernels,
  registerWasmTrainingKernelsAsync,
} from './register-wasm-training-kernels.js';

import { trainingModule, type TrainingExports } from '../generated/training.js';
import { nativeModule } from '../native/load-kernels.js';
import type { Backend } from '../wasm-backend.js';

/** The compiled kernels of this folder on the backend's memory. */
export function training(backend: Backend): TrainingExports {
  return nativeModule(backend, trainingModule);
}

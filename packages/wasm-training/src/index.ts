export {
  type Registration,
  registerWasmTrainingKernels,
  registerWasmTrainingKernelsAsync,
} from './register-wasm-training-kernels.js';
export {
  batchNormTraining,
  type BatchNormTrainingOptions,
  type BatchNormTrainingResult,
} from './ops/batch-norm-training.js';
export { type CsrArrays, csrMatrix, type CsrMatrix } from './ops/csr-matrix.js';
export { foldPadding } from './layers/fold-padding.js';
export { fuseActivations } from './layers/fuse-activations.js';
export type { ModelGraph } from './layers/model-graph.js';
export { foldBatchNorm, type InferenceBatchNorm } from './ops/fold-batch-norm.js';
export { groupNorm, type GroupNormOptions } from './ops/group-norm.js';
export { sparseDenseMatMul } from './ops/sparse-dense-mat-mul.js';
export { variableGradients, type VariableGradients } from './ops/variable-gradients.js';
export { type WasmFeatures, wasmFeatures } from './native/features.js';

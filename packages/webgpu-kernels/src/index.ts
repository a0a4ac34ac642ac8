export { type AdapterDescription, type AdapterLike, describeAdapter } from './adapter/describe-adapter.js';
export { findAdapter } from './adapter/find-adapter.js';
export { type Registration, registerWebGpuKernels } from './register-webgpu-kernels.js';

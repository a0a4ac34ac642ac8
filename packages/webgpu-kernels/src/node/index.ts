export { hasGpuDevice } from './has-gpu-device.js';
export { provideWebGpu, type WebGpuModule } from './provide-webgpu.js';

/** What the npm package `webgpu` exports: Dawn for Node. */
export interface WebGpuModule {
  readonly create: (options: string[]) => object;
  readonly globals: object;
}

/**
 * Gives Node what the webgpu backend of TensorFlow.js asks for: `navigator.gpu`, and the classes and constants of WebGPU as
 * globals. An engine that has `navigator.gpu` keeps its own.
 *
 * Before the first import of `@tensorflow/tfjs-backend-webgpu`, which looks for `navigator.gpu` while it loads. The process
 * ends by itself as before.
 *
 * @param webgpu the package `webgpu`, imported by the caller
 * @param options for Dawn, as `['adapter=NVIDIA H200']`
 * @returns whether it was not there before
 *
 * @example
 * provideWebGpu(await import('webgpu'));
 * await import('@tensorflow/tfjs-backend-webgpu');
 * await tf.setBackend('webgpu');
 */
export function provideWebGpu({ create, globals }: WebGpuModule, options: readonly string[] = []): boolean {
  const { navigator } = globalThis as { navigator?: { gpu?: object } };
  if (navigator?.gpu !== undefined) return false;
  Object.assign(globalThis, globals);
  const gpu = create([...options]);
  // Node 20 has no navigator; the later one reads private fields, so that it is added to and not derived from.
  if (navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  }
  const target = (globalThis as unknown as { navigator: object }).navigator;
  Object.defineProperty(target, 'gpu', { value: gpu, configurable: true, enumerable: true });
  return true;
}

import { type AdapterDescription, type AdapterLike, describeAdapter } from './describe-adapter.js';

/** What is used of `navigator.gpu`. */
interface GpuLike {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<AdapterLike | null>;
}

/**
 * The adapter that the webgpu backend of TensorFlow.js will take, without starting that backend.
 *
 * @returns undefined where the engine has no `navigator.gpu`, or that offers none
 */
export async function findAdapter(): Promise<AdapterDescription | undefined> {
  const { gpu } = (globalThis as { navigator?: { gpu?: GpuLike } }).navigator ?? {};
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  return adapter == null ? undefined : describeAdapter(adapter);
}

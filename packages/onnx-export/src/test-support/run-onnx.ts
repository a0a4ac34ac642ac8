import { Worker } from 'node:worker_threads';

export interface OnnxArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/**
 * What ONNX Runtime computes of a file, by the names of the outputs. In a thread of its own: the runtime knows only the
 * typed arrays of the world it was loaded in, and Jest makes another.
 */
export function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, OnnxArray>>,
): Promise<Record<string, OnnxArray>> {
  return new Promise((resolve, reject) => {
    const script = new URL('./onnx-thread.mjs', import.meta.url);
    const worker = new Worker(script, { workerData: { bytes, inputs }, execArgv: [] });
    worker.once('message', (found: Record<string, OnnxArray>) => {
      const own = Object.entries(found).map(([name, { data, shape }]): [string, OnnxArray] => [
        name,
        { data: Float32Array.from(data), shape },
      ]);
      resolve(Object.fromEntries(own));
      void worker.terminate();
    });
    worker.once('error', reject);
  });
}

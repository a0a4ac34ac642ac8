/** Entry of a worker thread: gets a {@link SynthesisTask} once, then makes the batches it is asked for. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeBatch, type SynthesisTask } from './make-batch.js';

parentPort!.on('message', (batch: { split: string; start: number; count: number }) => {
  const samples = makeBatch(workerData as SynthesisTask, batch);
  const pixels = samples.flatMap(({ image, mask }) => [image.data.buffer, mask!.data.buffer] as ArrayBuffer[]);
  parentPort!.postMessage(samples, pixels);
});

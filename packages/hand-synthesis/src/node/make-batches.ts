import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { HandSample } from '@opposable/hand-datasets';
import { type Batch, makeBatch, type SynthesisTask } from './make-batch.js';

const WORKER = new URL('./synthesis-worker.js', import.meta.url);

/** Batches that a worker may be ahead. */
const AHEAD = 2;

/** Whether the worker's file is there: it comes with the build. */
export const workersAvailable = (): boolean => existsSync(fileURLToPath(WORKER));

/** A thread that makes one batch after the other. */
class SynthesisThread {
  readonly #worker: Worker;
  readonly #waiting: { resolve: (samples: HandSample[]) => void; reject: (error: unknown) => void }[] = [];
  #failure: Error | undefined;

  constructor(task: SynthesisTask) {
    this.#worker = new Worker(WORKER, { workerData: task });
    this.#worker.on('message', (samples: HandSample[]) => this.#waiting.shift()?.resolve(samples));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`synthesizeDataset: a worker ended with code ${code}.`)));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }

  make(batch: Batch): Promise<HandSample[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(batch);
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

/**
 * Makes batches and gives them back in order, on worker threads or, with `workers` 0, on this one.
 *
 * @param task cloned to every worker
 */
export async function* makeBatches(
  task: SynthesisTask,
  batches: readonly Batch[],
  workers: number,
): AsyncGenerator<{ readonly split: string; readonly samples: HandSample[] }, void, undefined> {
  if (workers === 0) {
    for (const batch of batches) yield { split: batch.split, samples: makeBatch(task, batch) };
    return;
  }
  const { buffers: _, ...synthesis } = task.synthesis;
  const threads = Array.from(
    { length: Math.min(workers, batches.length) },
    () => new SynthesisThread({ ...task, synthesis }),
  );
  try {
    const pending: Promise<HandSample[]>[] = [];
    const request = (index: number): void => {
      if (index >= batches.length) return;
      const made = threads[index % threads.length]!.make(batches[index]!);
      made.catch(() => undefined); // reported where it is awaited
      pending.push(made);
    };
    for (let index = 0; index < threads.length * AHEAD; index++) request(index);
    for (let index = 0; index < batches.length; index++) {
      const samples = await pending.shift()!;
      request(index + threads.length * AHEAD);
      yield { split: batches[index]!.split, samples };
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

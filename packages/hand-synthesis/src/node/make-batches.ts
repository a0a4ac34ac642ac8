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
  batches: Iterable<Batch>,
  workers: number,
): AsyncGenerator<{ readonly split: string; readonly samples: HandSample[] }, void, undefined> {
  if (workers === 0) {
    for (const batch of batches) yield { split: batch.split, samples: makeBatch(task, batch) };
    return;
  }
  const { buffers: _, ...synthesis } = task.synthesis;
  const threads = Array.from({ length: workers }, () => new SynthesisThread({ ...task, synthesis }));
  const asked = batches[Symbol.iterator]();
  const pending: { readonly split: string; readonly samples: Promise<HandSample[]> }[] = [];
  let turn = 0;
  const request = (): void => {
    const next = asked.next();
    if (next.done) return;
    const samples = threads[turn++ % threads.length]!.make(next.value);
    samples.catch(() => undefined); // reported where it is awaited
    pending.push({ split: next.value.split, samples });
  };
  try {
    for (let ahead = 0; ahead < threads.length * AHEAD; ahead++) request();
    while (pending.length > 0) {
      const { split, samples } = pending.shift()!;
      const made = await samples;
      request();
      yield { split, samples: made };
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

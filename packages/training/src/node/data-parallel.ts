import { availableParallelism } from 'node:os';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { ConfigError } from '@opposable/tensor-checks';
import type { Logger } from '../fit/types.js';
import { type AllReduceMemory, createAllReduce, failAllReduce } from '../parallel/all-reduce.js';
import { fromPlainError } from './plain-error.js';
import { ReplicaError } from './replica-error.js';
import type { FromReplica, ReplicaStart, ToReplica } from './replica-messages.js';

export interface DataParallelOptions<Data> {
  /** Threads that train, each with a backend of its own. Default one per core. */
  workers?: number;
  /** A JavaScript module that exports `train`, a {@link TrainReplica}: it builds the model and calls `replica.fit`. */
  script: URL;
  /** What every replica gets; copied, but for what lies in a SharedArrayBuffer. */
  data?: Data;
  /** Limits of the JavaScript memory of each thread, as of `Worker`. Default those of the process. */
  resourceLimits?: ResourceLimits;
  /** Gets the log records of rank 0, in this thread. */
  logger?: Logger;
  /** Has all replicas end after the same step; their `fit` then says `'aborted'`. */
  signal?: AbortSignal;
}

const REPLICA_THREAD = new URL('./replica-thread.js', import.meta.url);
/** What is left of a run may go on for so long before its threads are ended. */
const GRACE_MILLISECONDS = 2000;

/**
 * Trains one model in several threads: every thread runs `train` of a script, with a part of each batch, and its
 * `replica.fit` applies the mean of all gradients. A run repeats bit for bit for a given number of workers.
 *
 * This thread only passes on messages. If a replica throws, exits or runs out of memory, the others are stopped at once.
 *
 * @returns what `train` returned in the replica of rank 0; it must be possible to clone it
 * @throws the first error of a replica; ReplicaError if one ended without a word; ConfigError for a bad number of workers
 */
export async function dataParallel<Result = unknown, Data = unknown>(
  options: DataParallelOptions<Data>,
): Promise<Result> {
  const { workers = availableParallelism(), logger, signal } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ConfigError(`dataParallel: expected workers to be a positive integer, got ${workers}.`, {
      expected: 'a positive integer',
      actual: workers,
    });
  }
  const group = new ReplicaThreads(workers, options);
  const stop = (): void => group.stop();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    return (await group.result()) as Result;
  } finally {
    signal?.removeEventListener('abort', stop);
    await logger?.end?.();
  }
}

/** The threads of one run, as the thread that started them sees them. */
class ReplicaThreads {
  private readonly logger: Logger | undefined;
  private readonly threads: Worker[];
  private readonly ended: Promise<unknown>;
  private readonly memories: AllReduceMemory[] = [];
  /** Ranks that have said how their `train` ended. */
  private readonly spoken = new Set<number>();
  private joining: number[] = [];
  private logged: Promise<void> = Promise.resolve();
  private value: unknown;
  private failure: Error | undefined;
  /** Of a replica that stopped because another had. */
  private consequence: Error | undefined;
  private deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly workers: number,
    { script, data, logger, resourceLimits }: DataParallelOptions<unknown>,
  ) {
    this.logger = logger;
    this.threads = Array.from({ length: workers }, (_, rank) => {
      const workerData: ReplicaStart = { script: script.href, data, rank, workers };
      const thread = new Worker(REPLICA_THREAD, { workerData, ...(resourceLimits ? { resourceLimits } : {}) });
      thread.on('message', (message: FromReplica) => this.hear(rank, message));
      thread.on('error', (error) => this.fail(error));
      return thread;
    });
    this.ended = Promise.all(
      this.threads.map(
        (thread, rank) =>
          new Promise<void>((resolve) =>
            thread.once('exit', (code) => {
              if (!this.spoken.has(rank)) this.fail(new ReplicaError(rank, workers, code));
              resolve();
            }),
          ),
      ),
    );
  }

  async result(): Promise<unknown> {
    await this.ended;
    clearTimeout(this.deadline);
    await this.logged;
    const error = this.failure ?? this.consequence;
    if (error !== undefined) throw error;
    return this.value;
  }

  stop(): void {
    this.tellAll({ kind: 'stop' });
  }

  private tellAll(message: ToReplica): void {
    for (const thread of this.threads) thread.postMessage(message);
  }

  private hear(rank: number, message: FromReplica): void {
    switch (message.kind) {
      case 'join':
        return this.join(rank, message.length);
      case 'log':
        this.logged = this.logged.then(() => this.logger?.log(message.record));
        this.logged.catch((error: Error) => this.fail(error));
        return;
      case 'done':
        this.spoken.add(rank);
        if (rank === 0) this.value = message.value;
        if (this.spoken.size === this.workers) this.endSoon();
        return;
      case 'failed': {
        this.spoken.add(rank);
        const error = fromPlainError(message.error);
        if (error.name === 'GroupEndedError') this.consequence ??= error;
        else this.fail(error);
      }
    }
  }

  /** When all have asked for it, the memory of a group. */
  private join(rank: number, length: number): void {
    this.joining.push(length);
    if (this.joining.length < this.workers) return;
    const lengths = this.joining;
    this.joining = [];
    if (lengths.some((other) => other !== length)) {
      this.fail(
        new ConfigError(
          `dataParallel: expected all replicas to train the same variables, got ${lengths.join(', ')} numbers.`,
          {
            expected: length,
            actual: lengths,
          },
        ),
      );
      return;
    }
    const memory = createAllReduce(length, this.workers);
    this.memories.push(memory);
    this.tellAll({ kind: 'joined', memory });
  }

  private fail(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.memories.forEach(failAllReduce);
    this.tellAll({ kind: 'ended' });
    this.endSoon();
  }

  /** A thread may finish writing a file, but whatever else keeps it alive is not waited for. */
  private endSoon(): void {
    const end = (): void => this.threads.forEach((thread) => void thread.terminate());
    this.deadline ??= setTimeout(end, GRACE_MILLISECONDS);
  }
}

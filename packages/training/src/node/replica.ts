import type { MessagePort } from 'node:worker_threads';
import { fit } from '../fit/fit.js';
import type { FitOptions, FitResult, Logger } from '../fit/types.js';
import { type AllReduceMember, joinAllReduce } from '../parallel/all-reduce.js';
import { exchangeLength } from '../parallel/exchange-step.js';
import { GroupEndedError } from '../parallel/group-ended-error.js';
import { type ModelWithLayers, syncBatchNormLayers } from '../parallel/sync-batch-norm-layers.js';
import { combineLoggers } from '../progress/combine-loggers.js';
import type { FromReplica, ReplicaStart, ToReplica } from './replica-messages.js';

/** One of several equal training loops in threads of their own: what `dataParallel` gives to a script's `train`. */
export interface Replica<Data = unknown> {
  /** 0 … workers − 1 */
  readonly rank: number;
  readonly workers: number;
  /** As given to `dataParallel`. */
  readonly data: Data;
  /**
   * `fit` together with the other replicas: every one takes its own part of each batch, all of equal size, and all stay equal
   * bit by bit. Logger and `onStep` of rank 0 are called, the others' are not; the numbers are those of all replicas.
   * An abort of `dataParallel` ends it after the step in which all have heard of it.
   */
  fit<Batch>(options: Omit<FitOptions<Batch>, 'group' | 'signal'>): Promise<FitResult>;
  /**
   * Has the `BatchNormalization` layers of a model take mean and variance over all replicas while `fit` runs, so that the
   * replicas together do what one does with the whole batch.
   */
  syncBatchNorm(model: ModelWithLayers): void;
}

/** The script that `dataParallel` runs in every thread exports this as `train`. What rank 0 returns is the result. */
export type TrainReplica<Data = unknown, Result = unknown> = (replica: Replica<Data>) => Promise<Result> | Result;

export function createReplica({ data, rank, workers }: ReplicaStart, port: MessagePort): Replica {
  const stop = new AbortController();
  let ended = false;
  let member: AllReduceMember | undefined;
  let waiting: { resolve(member: AllReduceMember): void; reject(error: Error): void } | undefined;
  const tell = (message: FromReplica): void => port.postMessage(message);
  port.on('message', (message: ToReplica) => {
    if (message.kind === 'stop') return stop.abort();
    if (message.kind === 'joined') return waiting?.resolve(joinAllReduce(message.memory, rank));
    ended = true;
    waiting?.reject(new GroupEndedError(true));
  });
  const join = (length: number): Promise<AllReduceMember> => {
    if (ended) throw new GroupEndedError(true);
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      tell({ kind: 'join', length });
    });
  };
  const report: Logger = { log: (record) => tell({ kind: 'log', record }) };
  return {
    rank,
    workers,
    data,
    async fit({ logger, onStep, ...options }) {
      member = await join(exchangeLength(options.variables, options.runningAverages ?? {}));
      const first = { logger: combineLoggers(...(logger ? [logger] : []), report), ...(onStep ? { onStep } : {}) };
      try {
        return await fit({ ...options, ...(rank === 0 ? first : {}), group: member, signal: stop.signal });
      } finally {
        member = undefined;
      }
    },
    syncBatchNorm: (model) => void syncBatchNormLayers(model, () => member),
  };
}

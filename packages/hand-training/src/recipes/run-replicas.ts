import { Worker } from 'node:worker_threads';
import {
  type AllReduceMemory,
  createAllReduce,
  gradientLength,
  joinAllReduce,
  type Logger,
  meanGradients,
  storeTensors,
  type StoredTensors,
} from '@opposable/training';
import type { TrainingArrays } from '../data/training-arrays.js';
import { allVariables, type HandRun, type RunInfo, trainableVariables } from '../run/hand-run.js';
import { batchOfStage, checkReplicas, checkStage, REPLICA_WORKER } from './check-stage.js';
import { type AnyStage, runStage, type StageResult } from './stage.js';

/** What a replica says when it can start. */
export const REPLICA_READY = 'ready';

/** What a replica in another thread starts from. */
export interface ReplicaTask {
  readonly arrays: TrainingArrays;
  readonly info: RunInfo;
  readonly weights: StoredTensors;
  readonly stage: AnyStage;
  readonly memory: AllReduceMemory;
  readonly rank: number;
}

/**
 * {@link runStage} on several threads: each trains an equal network on its part of every batch, and all apply the mean of
 * the gradients. For a given number of replicas the result repeats bit by bit.
 *
 * @param options.replicas number of threads, this one included, which divides the batch; default one per core, at most four
 * @throws what `checkStage` and `checkReplicas` throw, and what a replica throws
 */
export async function runReplicas(
  run: HandRun,
  arrays: TrainingArrays,
  stage: AnyStage,
  options: { replicas?: number; logger?: Logger; signal?: AbortSignal; logEvery?: number } = {},
): Promise<StageResult> {
  const { replicas: asked, ...rest } = options;
  checkStage(stage, arrays);
  const replicas = checkReplicas(asked, batchOfStage(stage, arrays));
  if (replicas === 1) return runStage(run, arrays, stage, rest);
  const memory = createAllReduce(gradientLength(trainableVariables(run.model)), replicas);
  const weights = await storeTensors(allVariables(run.model));
  const member = joinAllReduce(memory, 0);
  const { annotations: _annotations, ...shared } = arrays;
  let failure: Error | undefined;
  const workers = Array.from({ length: replicas - 1 }, (_, i) => {
    const task: ReplicaTask = {
      arrays: { ...shared, annotations: [] },
      info: run.info,
      weights,
      stage,
      memory,
      rank: i + 1,
    };
    const worker = new Worker(REPLICA_WORKER, { workerData: task });
    worker.on('error', (error: Error) => {
      failure ??= error;
      member.leave();
    });
    return worker;
  });
  // training blocks this thread, which would then not hear of a replica that cannot start
  const ready = Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.once('message', () => resolve());
          worker.once('error', reject);
          worker.once('exit', () => reject(new Error('runReplicas: a replica ended before it started.')));
        }),
    ),
  );
  const ended = Promise.all(
    workers.map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve()))),
  );
  try {
    await ready;
    const reduceGradients = meanGradients(member);
    return await runStage(run, arrays, stage, { ...rest, replica: { rank: 0, members: replicas, reduceGradients } });
  } catch (error) {
    member.leave();
    await ended; // a replica that died first is the cause, and its error arrives before its end
    throw failure ?? error;
  } finally {
    member.leave();
    await ended;
  }
}

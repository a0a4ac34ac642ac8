import { type Logger, restoreVariables, storeTensors } from '@opposable/training';
import { dataParallel } from '@opposable/training/node';
import type { TrainingArrays } from '../data/training-arrays.js';
import { afterStage, allVariables, type HandRun } from '../run/hand-run.js';
import { batchOfStage, checkReplicas, checkStage, REPLICA_WORKER } from './check-stage.js';
import type { ReplicaOutcome, ReplicaTask } from './replica-worker.js';
import { type AnyStage, runStage, type StageResult } from './stage.js';

export interface RunReplicasOptions {
  /** Threads that train, a divisor of the batch. Default one per core, at most four. */
  readonly replicas?: number;
  /** Batch normalisation takes its statistics over all replicas instead of each its own. Default `false`. */
  readonly syncBatchNorm?: boolean;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
  readonly logEvery?: number;
}

/**
 * {@link runStage} on several threads: each trains an equal network on its part of every batch, and all apply the mean of
 * the gradients. For a given number of replicas the result repeats bit by bit.
 *
 * @param run changed in place when all is done; as it was if a replica fails
 * @throws what `checkStage` and `checkReplicas` throw, and what a replica throws
 */
export async function runReplicas(
  run: HandRun,
  arrays: TrainingArrays,
  stage: AnyStage,
  options: RunReplicasOptions = {},
): Promise<StageResult> {
  const { replicas: asked, syncBatchNorm = false, logger, signal, logEvery } = options;
  const told = { ...(logger ? { logger } : {}), ...(signal ? { signal } : {}) };
  checkStage(stage, arrays);
  const workers = checkReplicas(asked, batchOfStage(stage, arrays));
  if (workers === 1) return runStage(run, arrays, stage, { ...told, ...(logEvery ? { logEvery } : {}) });
  const variables = allVariables(run.model);
  const { annotations: _annotations, ...shared } = arrays;
  const data: ReplicaTask = {
    arrays: { ...shared, annotations: [] },
    info: run.info,
    weights: await storeTensors(variables),
    stage,
    logEvery,
    syncBatchNorm,
  };
  const { weights, iteration, ...result } = await dataParallel<ReplicaOutcome, ReplicaTask>({
    workers,
    script: REPLICA_WORKER,
    data,
    ...told,
  });
  restoreVariables(variables, weights);
  return { run: afterStage(run, stage.kind, iteration), ...result };
}

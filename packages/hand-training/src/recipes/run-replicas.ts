import { combineLoggers, type Logger, restoreVariables, storeTensors } from '@opposable/training';
import { dataParallel } from '@opposable/training/node';
import type { HandAnnotation } from '@opposable/hand-datasets';
import { afterStage, allVariables, type HandRun } from '../run/hand-run.js';
import { batchOfStage, checkReplicas, checkStage, REPLICA_WORKER } from './check-stage.js';
import type { ReplicaOutcome, ReplicaTask } from './replica-worker.js';
import { observeRun } from './run-files/observe-run.js';
import type { RunFiles } from './run-files/types.js';
import { type AnyStage, runStage, type StageResult, type StageStart } from './stage.js';
import { isLoader, type StageData } from './stage-data.js';

export interface RunReplicasOptions {
  /** Threads that train, a divisor of the batch. Default one per core, at most four. */
  readonly replicas?: number;
  /** Batch normalisation takes its statistics over all replicas instead of each its own. Default `false`. */
  readonly syncBatchNorm?: boolean;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
  readonly logEvery?: number;
  /** Where the stage goes on from; the run has that checkpoint's weights. */
  readonly start?: StageStart | undefined;
  /** What is written while it trains. Default nothing. */
  readonly files?: RunFiles | undefined;
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
  data: StageData,
  stage: AnyStage,
  options: RunReplicasOptions = {},
): Promise<StageResult> {
  const { replicas: asked, syncBatchNorm = false, logger, signal, logEvery, start, files } = options;
  const told = { ...(logger ? { logger } : {}), ...(signal ? { signal } : {}) };
  checkStage(stage, data);
  const workers = checkReplicas(asked, batchOfStage(stage, data));
  if (workers === 1) {
    const observer = files && observeRun(run, files);
    const loggers = [...(logger ? [logger] : []), ...(observer ? [observer.logger] : [])];
    return runStage(run, data, stage, {
      ...(signal ? { signal } : {}),
      ...(loggers.length === 0 ? {} : { logger: combineLoggers(...loggers) }),
      ...(logEvery === undefined ? {} : { logEvery }),
      ...(observer === undefined ? {} : { observer }),
      start,
    });
  }
  const variables = allVariables(run.model);
  const task: ReplicaTask = {
    data: namesOnly(data),
    info: run.info,
    weights: await storeTensors(variables),
    stage,
    logEvery,
    syncBatchNorm,
    start,
    files,
  };
  const { weights, iteration, ...result } = await dataParallel<ReplicaOutcome, ReplicaTask>({
    workers,
    script: REPLICA_WORKER,
    data: task,
    ...told,
  });
  restoreVariables(variables, weights);
  return { run: afterStage(run, stage.kind, iteration), ...result };
}

/** What replicas need of a data set in memory: its arrays are shared, of its annotations only the names are used. */
function namesOnly(data: StageData): StageData {
  if (isLoader(data)) return data;
  return { ...data, annotations: data.annotations.map(({ id }) => ({ id }) as HandAnnotation) };
}

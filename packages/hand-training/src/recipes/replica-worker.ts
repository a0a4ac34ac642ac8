import type { Replica as ReplicaThread } from '@opposable/training/node';
import { restoreVariables, storeTensors, type StoredTensors } from '@opposable/training';
import type { TrainingArrays } from '../data/training-arrays.js';
import { chooseBackend } from '../run/choose-backend.js';
import { allVariables, createRun, type RunInfo } from '../run/hand-run.js';
import { type AnyStage, type StageResult, trainStage } from './stage.js';

/** What every replica starts from. */
export interface ReplicaTask {
  readonly arrays: TrainingArrays;
  readonly info: RunInfo;
  readonly weights: StoredTensors;
  readonly stage: AnyStage;
  readonly logEvery: number | undefined;
  readonly syncBatchNorm: boolean;
}

/** What the first replica gives back. */
export interface ReplicaOutcome extends Omit<StageResult, 'run'> {
  readonly weights: StoredTensors;
  readonly iteration: number;
}

/** Run by `dataParallel` in every thread. */
export async function train(thread: ReplicaThread<ReplicaTask>): Promise<ReplicaOutcome> {
  const { arrays, info, weights, stage, logEvery, syncBatchNorm } = thread.data;
  await chooseBackend('wasm');
  const run = createRun(info.network, 0);
  try {
    const variables = allVariables(run.model);
    restoreVariables(variables, weights);
    if (syncBatchNorm) thread.syncBatchNorm(run.model);
    const trained = await trainStage(run, arrays, stage, {
      part: { rank: thread.rank, members: thread.workers },
      fit: (options) => thread.fit(options),
      ...(logEvery === undefined ? {} : { logEvery }),
    });
    return { ...trained, weights: await storeTensors(variables) };
  } finally {
    run.dispose();
  }
}

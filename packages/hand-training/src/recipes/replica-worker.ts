import type { Replica as ReplicaThread } from '@opposable/training/node';
import { restoreVariables, storeTensors, type StoredTensors } from '@opposable/training';
import { chooseBackend } from '../run/choose-backend.js';
import { findRunHand } from '../run/read-run-hand.js';
import { allVariables, createRun, type RunInfo } from '../run/hand-run.js';
import { observeRun } from './run-files/observe-run.js';
import type { RunFiles } from './run-files/types.js';
import { type AnyStage, type StageResult, type StageStart, trainStage } from './stage.js';
import type { StageData } from './stage-data.js';

/** What every replica starts from. */
export interface ReplicaTask {
  readonly data: StageData;
  readonly info: RunInfo;
  readonly weights: StoredTensors;
  readonly stage: AnyStage;
  readonly logEvery: number | undefined;
  readonly syncBatchNorm: boolean;
  readonly start: StageStart | undefined;
  readonly files: RunFiles | undefined;
}

/** What the first replica gives back. */
export interface ReplicaOutcome extends Omit<StageResult, 'run'> {
  readonly weights: StoredTensors;
  readonly iteration: number;
}

/** Run by `dataParallel` in every thread. */
export async function train(thread: ReplicaThread<ReplicaTask>): Promise<ReplicaOutcome> {
  const { data, info, weights, stage, logEvery, syncBatchNorm, start, files } = thread.data;
  await chooseBackend('wasm');
  const run = { ...createRun(info.network, 0, await findRunHand(info.hand)), info };
  try {
    const variables = allVariables(run.model);
    restoreVariables(variables, weights);
    if (syncBatchNorm) thread.syncBatchNorm(run.model);
    const observer = files && observeRun(run, files, thread.rank);
    const trained = await trainStage(run, data, stage, {
      part: { rank: thread.rank, members: thread.workers },
      fit: (options) => thread.fit(options),
      ...(logEvery === undefined ? {} : { logEvery }),
      ...(observer === undefined ? {} : { observer, logger: observer.logger }),
      start,
    });
    return { ...trained, weights: await storeTensors(variables) };
  } finally {
    run.dispose();
  }
}

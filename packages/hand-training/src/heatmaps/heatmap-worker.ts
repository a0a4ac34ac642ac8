import {
  disposeOptimizerState,
  restoreOptimizerState,
  restoreVariables,
  type ScheduleStates,
  type StoredOptimizerState,
  storeTensors,
  type StoredTensors,
} from '@opposable/training';
import type { Replica } from '@opposable/training/node';
import type { TrainingArrays } from '../data/training-arrays.js';
import { chooseBackend } from '../run/choose-backend.js';
import { allVariables } from '../run/hand-run.js';
import { type HeatmapData, heatmapEpochs, type HeatmapLoopResult } from './heatmap-epochs.js';
import { createHeatmapRun, type HeatmapRunInfo } from './heatmap-run.js';
import { saveHeatmapEpochs } from './save-heatmap-epochs.js';
import type { EpochRecord, HeatmapSettings } from './types.js';

/** What every replica starts from. */
export interface HeatmapTask {
  readonly data: HeatmapData;
  readonly info: HeatmapRunInfo;
  readonly settings: HeatmapSettings;
  readonly out: string;
  readonly weights: StoredTensors;
  readonly records: readonly EpochRecord[];
  readonly scheduleStates: ScheduleStates;
  readonly optimizerState: StoredOptimizerState | undefined;
}

/** What the first replica gives back. */
export interface HeatmapOutcome extends HeatmapLoopResult {
  readonly weights: StoredTensors;
}

/** Arrays as they can be sent: annotations stay behind. */
export function sendable(arrays: TrainingArrays): TrainingArrays {
  return { ...arrays, annotations: [] };
}

/** Run by `dataParallel` in every thread; the first one writes the checkpoints. */
export async function train(thread: Replica<HeatmapTask>): Promise<HeatmapOutcome> {
  const { data, info, settings, out, weights, records, scheduleStates } = thread.data;
  await chooseBackend('wasm');
  const run = createHeatmapRun(info.network, info.coding, 0);
  const optimizerState = thread.data.optimizerState && restoreOptimizerState(thread.data.optimizerState);
  try {
    const variables = allVariables(run.model);
    restoreVariables(variables, weights);
    const result = await heatmapEpochs(run, data, settings, {
      part: { rank: thread.rank, members: thread.workers },
      fit: (options) => thread.fit(options),
      ...(optimizerState ? { start: { records, scheduleStates, optimizerState } } : {}),
      ...(thread.rank === 0 ? { onEpoch: saveHeatmapEpochs(run, settings, out, process.stdout) } : {}),
    });
    return { ...result, weights: await storeTensors(variables) };
  } finally {
    if (optimizerState) disposeOptimizerState(optimizerState);
    run.dispose();
  }
}

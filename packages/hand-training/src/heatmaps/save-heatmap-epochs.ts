import { join } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { keepCheckpoints } from '@opposable/training/node';
import type { TextStream } from '@opposable/training';
import { allVariables } from '../run/hand-run.js';
import type { HeatmapRun } from './heatmap-run.js';
import { HEATMAP_CHECKPOINTS } from './heatmap-checkpoint.js';
import type { HeatmapProgress } from './heatmap-epochs.js';
import type { EpochRecord, HeatmapSettings } from './types.js';

/** What a checkpoint of training holds beside the tensors. */
export interface HeatmapCheckpointState {
  readonly info: HeatmapRun['info'];
  readonly records: readonly EpochRecord[];
  readonly scheduleStates: HeatmapProgress['scheduleStates'];
}

function line(
  { epoch, train, validation, learningRate, samplesPerSecond, seconds }: EpochRecord,
  epochs: number,
): string {
  const held = validation === undefined ? '' : `, validation ${validation.toFixed(4)}`;
  const left = (seconds / epoch) * (epochs - epoch);
  const time = left >= 90 ? `${Math.round(left / 60)} min` : `${Math.round(left)} s`;
  return `epoch ${epoch} of ${epochs}: loss ${train.toFixed(4)}${held}, rate ${learningRate.toPrecision(3)}, ${samplesPerSecond.toFixed(0)} images/s, at most ${time} left\n`;
}

/**
 * What happens after every epoch: a line of text, `epochs.jsonl`, and checkpoints: the newest two and the one with the lowest
 * validation loss.
 */
export function saveHeatmapEpochs(
  run: HeatmapRun,
  settings: HeatmapSettings,
  out: string,
  stream: TextStream,
): (progress: HeatmapProgress) => Promise<void> {
  const kept = keepCheckpoints(join(out, HEATMAP_CHECKPOINTS), { last: 2 });
  return async ({ records, scheduleStates, optimizerState }) => {
    const record = records.at(-1)!;
    stream.write(line(record, settings.epochs));
    const text = records.map((each) => `${JSON.stringify(each)}\n`).join('');
    await writeFileAtomic(join(out, 'epochs.jsonl'), text);
    const info = { ...run.info, epochs: record.epoch };
    const state: HeatmapCheckpointState = { info, records, scheduleStates };
    const checkpoint = { variables: allVariables(run.model), optimizerState, state };
    if (record.epoch % settings.checkpointEvery === 0 || record.epoch === settings.epochs) {
      await kept.save(record.epoch, checkpoint);
    }
    const losses = records.map(({ validation }) => validation ?? Infinity);
    if (record.validation !== undefined && record.validation <= Math.min(...losses)) await kept.saveBest(checkpoint);
  };
}

import { isHeatmapRun, predictHeatmapFiles } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/predict.js';

/**
 * Whether the heat-map branch is meant: as `--model` says, or else as the checkpoint is.
 *
 * @throws ConfigError where the one says a hand and the other heat maps
 */
export async function meansHeatmaps({ model, checkpoint }: Flags): Promise<boolean> {
  if (model === 'heatmap') return true;
  const isOfHeatmaps = await isHeatmapRun(checkpoint);
  if (model === 'hand' && isOfHeatmaps) {
    throw new ConfigError(
      `predict: ${checkpoint} holds a heat-map network; leave --model out, or give the run of a hand regressor.`,
      {
        expected: 'the run of a hand regressor',
        actual: checkpoint,
      },
    );
  }
  return isOfHeatmaps;
}

/** The branch of `opposable predict` for heat maps. */
export async function predictHeatmaps(images: string[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { checkpoint, out, hands, split, box, side, minConfidence, smoothAt } = flags;
  if (minConfidence !== undefined && !(minConfidence >= 0 && minConfidence <= 1)) {
    throw new ConfigError(`predict: expected --min-confidence from 0 to 1, got ${minConfidence}.`, {
      expected: '0 to 1',
      actual: minConfidence,
    });
  }
  await predictHeatmapFiles(images, {
    ...{ checkpoint, out, hands, split, box, side, smoothAt, signal },
    minimumConfidence: minConfidence,
    print: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`${line}\n`),
  });
}

import { chooseBackend, predictFiles } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/predict.js';
import { meansHeatmaps, predictHeatmaps } from './predict-heatmaps.js';

/** What `opposable predict IMAGE… --checkpoint RUN --out DIR` does. */
export async function predictAction(images: string[], flags: Flags, signal: AbortSignal): Promise<void> {
  process.stdout.write(`${await chooseBackend(flags.backend)}\n`);
  if (await meansHeatmaps(flags)) {
    if (flags.hand === undefined) return predictHeatmaps(images, flags, signal);
    throw new ConfigError('--hand is accepted only with a regressor.', { actual: flags.checkpoint });
  }
  await predictFiles(images, {
    ...flags,
    signal,
    print: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`${line}\n`),
  });
}

import { join } from 'node:path';
import { synthesizeDataset, type SynthesizeDatasetOptions } from '@opposable/hand-synthesis/node';
import { combineLoggers, consoleProgress, type TextStream } from '@opposable/training';
import { metricsFile } from '@opposable/training/node';
import { type DataSource, loadTrainingData } from '../data/load-training-data.js';
import { evaluateRun } from '../evaluation/evaluate-run.js';
import { loadRun, saveRun } from '../run/hand-run.js';
import { type NewNetwork, startRun } from '../run/start-run.js';
import { batchOfStage, checkReplicas, checkStage } from './check-stage.js';
import { runReplicas } from './run-replicas.js';
import type { AnyStage } from './stage.js';
import { tenths } from './tenths.js';
import { writeEvaluation } from './write-evaluation.js';

export interface ConfiguredStageOptions {
  readonly stage: AnyStage;
  /** A new network, or the run to go on from. */
  readonly model: NewNetwork | { readonly checkpoint: string };
  readonly data: DataSource;
  readonly out: string;
  /** Of the weights of a new network. */
  readonly seed: number | string;
  readonly replicas?: number | undefined;
  readonly stream: TextStream;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One stage of training from plain settings; writes the checkpoint and an evaluation on the training data to `out`.
 * Nothing is written before data, settings and the starting network have been checked.
 *
 * @throws what the loaders and `runReplicas` throw; the signal's reason, after the checkpoint has been written
 */
export async function runConfiguredStage(options: ConfiguredStageOptions): Promise<void> {
  const { stage, model, data, out, seed, replicas, stream, signal } = options;
  const start =
    'checkpoint' in model
      ? await loadRun(model.checkpoint)
      : await startRun(model, seed, (line) => stream.write(`${line}\n`));
  try {
    const arrays = await loadTrainingData(data, start.info.network.inputSize);
    checkStage(stage, arrays);
    const threads = checkReplicas(replicas, batchOfStage(stage, arrays));
    stream.write(`${arrays.count} samples, ${stage.iterations} iterations.\n`);
    const { run } = await runReplicas(start, arrays, stage, {
      replicas: threads,
      ...(signal === undefined ? {} : { signal }),
      logger: combineLoggers(
        consoleProgress({ stream, label: stage.kind }),
        metricsFile(join(out, `metrics-${stage.kind}.jsonl`)),
      ),
    });
    await saveRun(out, run);
    if (signal?.aborted) stream.write(`Stopped early; the checkpoint of what was reached is in ${out}.\n`);
    signal?.throwIfAborted();
    const text = await writeEvaluation(join(out, 'evaluation'), run, arrays, await evaluateRun(run, arrays));
    stream.write(`\nOn the training data:\n${text}\n\nRun: ${out}\n`);
  } finally {
    start.dispose();
  }
}

/** Writes a synthetic dataset and says where. */
export async function synthesizeHands(
  options: Omit<SynthesizeDatasetOptions, 'onProgress'> & { readonly stream: TextStream },
): Promise<void> {
  const { stream, ...how } = options;
  await synthesizeDataset({
    ...how,
    command: 'opposable synthesize',
    onProgress: tenths(stream, 'synthesising hands'),
  });
  stream.write(`${how.train} training and ${how.test} test images: ${how.out}\n`);
}

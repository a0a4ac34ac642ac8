import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Baselines } from '../evaluation/baselines.js';
import { scoreBaselines } from '../evaluation/baselines.js';
import { type Evaluation, evaluateRun } from '../evaluation/evaluate-run.js';
import { loadTrainingData } from '../data/load-training-data.js';
import { createRun, type HandRun } from '../run/hand-run.js';
import { saveRun } from '../run/run-checkpoint.js';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { combineLoggers, consoleProgress, type TextStream } from '@opposable/training';
import { metricsFile } from '@opposable/training/node';
import type { DemoSettings } from './demo-settings.js';
import { exportNetwork } from './export/export-network.js';
import { runReplicas } from './run-replicas.js';
import { tenths } from '../report/tenths.js';
import type { AnyStage, StageResult } from './stage.js';

export interface DemoOptions {
  readonly out: string;
  readonly settings: DemoSettings;
  /** Threads that train; default one per core. */
  readonly replicas?: number | undefined;
  readonly stream: TextStream;
  readonly signal?: AbortSignal | undefined;
}

/** One stage with what it reached. */
export interface DemoStage {
  readonly name: string;
  readonly result: StageResult;
  readonly evaluation: Evaluation;
}

export interface DemoResult {
  readonly run: HandRun;
  readonly baselines: Baselines;
  readonly untrained: Evaluation;
  readonly stages: readonly DemoStage[];
  readonly test: Awaited<ReturnType<typeof loadTrainingData>>;
  /** Seconds of each part. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** The trained network within the demo's folder, in the form that a page loads. */
const DEMO_MODEL = join('model', 'model.json');

/**
 * From nothing to a trained regressor: synthesises a training and a test set, pretrains on the 22 numbers, trains with the
 * 2D, 3D, mask and regularisation losses, and evaluates on the held-back set before and after each stage.
 *
 * Writes `<out>/data`, `<out>/checkpoint`, `<out>/model` (a LayersModel, for pages) and `<out>/metrics-*.jsonl`. The caller disposes the run of the result.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { out, settings, stream, signal } = options;
  const { seed, imageSize, trainCount, testCount } = settings;
  await mkdir(out, { recursive: true });
  const seconds: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    signal?.throwIfAborted();
    const result = await work();
    seconds[name] = (performance.now() - start) / 1000;
    return result;
  };

  const data = join(out, 'data');
  await timed('synthesis', () =>
    synthesizeDataset({
      ...{ out: data, seed, train: trainCount, test: testCount, size: imageSize, preset: 'demo', overwrite: true },
      restart: true,
      command: 'opposable demo',
      onProgress: tenths(stream, 'synthesising hands'),
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  const [training, test] = await timed('loading', () =>
    Promise.all([
      loadTrainingData({ prepared: data, split: 'train' }, imageSize),
      loadTrainingData({ prepared: data, split: 'test' }, imageSize),
    ]),
  );

  let run = createRun({ encoder: 'small', inputSize: imageSize }, seed);
  try {
    const untrained = await timed('first evaluation', () => evaluateRun(run, test));
    const baselines = await scoreBaselines(run.layer, training, test);
    const stages: DemoStage[] = [];
    const plan: readonly AnyStage[] = [
      { ...settings.pretrain, kind: 'pretrain', seed },
      { ...settings.train, kind: 'train', seed },
    ];
    for (const stage of plan) {
      const result = await timed(stage.kind, () =>
        runReplicas(run, training, stage, {
          ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
          ...(signal === undefined ? {} : { signal }),
          logger: combineLoggers(
            consoleProgress({ stream, label: stage.kind }),
            metricsFile(join(out, `metrics-${stage.kind}.jsonl`)),
          ),
        }),
      );
      signal?.throwIfAborted();
      run = result.run;
      await saveRun(out, run);
      const evaluation = await evaluateRun(run, test);
      stages.push({ name: stage.kind, result, evaluation });
      const { twoD, threeD } = evaluation.scores;
      stream.write(
        `after ${stage.kind}: 2D ${twoD.meanPixels.toFixed(1)} px, PA-MPJPE ${threeD?.paMpjpe.toFixed(1)} mm\n`,
      );
    }
    await timed('export', () => exportNetwork({ run: out, out: join(out, DEMO_MODEL) }));
    return { run, baselines, untrained, stages, test, seconds };
  } catch (error) {
    run.dispose();
    throw error;
  }
}

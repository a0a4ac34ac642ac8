import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { checkMasksOf } from './mask-size.js';
import type { AnyStage } from './stage.js';
import { isLoader, type StageData } from './stage-data.js';
import { firstMaskWeight } from './stage-schedules.js';

/** What a replica in another thread runs; only a build has it. */
export const REPLICA_WORKER = new URL('./replica-worker.js', import.meta.url);

/** Whether replicas can run in other threads: on wasm, from a build. */
function threadsAvailable(): boolean {
  return tf.getBackend() === 'wasm' && existsSync(fileURLToPath(REPLICA_WORKER));
}

/**
 * As many replicas as there are cores, at most four and so that all get equal parts of a batch; one where the package
 * runs from its sources or not on wasm.
 *
 * @param batchSize samples of one batch over all replicas
 */
export function defaultReplicas(batchSize: number): number {
  if (!threadsAvailable()) return 1;
  let replicas = Math.min(4, availableParallelism(), batchSize);
  while (batchSize % replicas !== 0) replicas--;
  return replicas;
}

/**
 * The number of replicas that a stage is trained with.
 *
 * @param replicas what was asked for; default {@link defaultReplicas}
 * @param batchSize samples of one batch over all replicas
 * @throws ConfigError unless it is a whole number that divides the batch, and 1 where threads are not available
 */
export function checkReplicas(replicas: number | undefined, batchSize: number): number {
  if (replicas === undefined) return defaultReplicas(batchSize);
  if (!Number.isInteger(replicas) || replicas < 1 || batchSize % replicas !== 0) {
    throw new ConfigError(
      `runReplicas: expected a number of replicas that divides the ${batchSize} samples of a batch, got ${replicas}.`,
      { expected: `a divisor of ${batchSize}`, actual: replicas },
    );
  }
  if (replicas > 1 && !threadsAvailable()) {
    throw new ConfigError(
      `runReplicas: expected 1 replica where the package runs from its sources or not on wasm, got ${replicas}.`,
      { expected: 1, actual: replicas },
    );
  }
  return replicas;
}

/** Samples of one batch: a data set that is smaller than a batch gives smaller ones. */
export function batchOfStage(stage: AnyStage, data: StageData): number {
  return isLoader(data) ? stage.batchSize : Math.min(stage.batchSize, data.count);
}

/**
 * Checks that a stage can be trained on a data set.
 *
 * @throws DatasetError for an empty data set, or one without the 22 numbers that pretraining needs or `parameters` asks
 * for; ConfigError if every weight of the main stage is 0, or for masks of another side than it says
 */
export function checkStage(stage: AnyStage, data: StageData): void {
  if (!isLoader(data) && data.count === 0) {
    throw new DatasetError(`${stage.kind}: expected at least one sample, got none.`, { expected: '>= 1', actual: 0 });
  }
  if (stage.kind === 'pretrain') {
    if (isLoader(data)) return; // it refuses such samples itself
    const missing = data.handParametersValid.indexOf(0);
    if (missing < 0) return;
    const name = data.annotations[missing]?.id ?? String(missing);
    throw new DatasetError(
      `pretrain: expected samples with the 22 numbers (synthetic hands have them), got sample '${name}' without.`,
      { expected: 'handParameters', actual: undefined },
    );
  }
  checkMasksOf(stage, data);
  if (stage.parameters !== undefined && !isLoader(data) && !data.handParametersValid.includes(1)) {
    throw new DatasetError(
      `train: expected samples with the 22 numbers for their errors (parameters), got none among ${data.count}.`,
      { expected: 'handParameters', actual: 0 },
    );
  }
  const { keypoints2d, keypoints3d, mask, regularization } = stage.weights;
  const firstMask = firstMaskWeight(stage.maskSchedule, mask);
  const ofNumbers = Object.values(stage.parameters?.weights ?? {});
  if ([keypoints2d, keypoints3d, firstMask, regularization, ...ofNumbers].some((weight) => weight > 0)) return;
  throw new ConfigError('train: expected at least one loss weight above 0 from the start, got none.', {
    expected: '> 0',
    actual: stage.weights,
  });
}

// The training step of a ResNet on several threads by `dataParallel`, each with its part of the batch.
import { adam } from '@opposable/training';
import { dataParallel } from '@opposable/training/node';
import { stepMilliseconds } from './measure.mjs';
import { prepareTraining, startKernels } from './resnet.mjs';

function* batches() {
  for (;;) yield {};
}

/** Run in every thread. */
export async function train(replica) {
  await startKernels();
  const { one, steps } = replica.data;
  const { variables, runningAverages, computeLoss } = prepareTraining({ ...one, batch: one.batch / replica.workers });
  await replica.fit({
    variables,
    runningAverages,
    computeLoss: () => ({ total: computeLoss() }),
    batches: batches(),
    disposeBatch: () => undefined,
    countSamples: () => one.batch / replica.workers,
    iterations: steps,
    optimizer: adam(),
    learningRate: 1e-3,
    logEvery: 1,
  });
}

/** Milliseconds of each step but the first. */
export async function replicaStepsOf(one, workers, steps) {
  await startKernels(); // flags of the engine are those of the process
  const { steps: milliseconds, logger } = stepMilliseconds();
  const script = new URL(import.meta.url);
  await dataParallel({ workers, script, data: { one, steps }, logger });
  return milliseconds;
}

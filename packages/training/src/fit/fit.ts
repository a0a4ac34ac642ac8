import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { disposeOptimizerState } from '../optimizers/optimizer-state.js';
import type { OptimizerState } from '../optimizers/types.js';
import { broadcastVariables } from '../parallel/exchange-step.js';
import { GroupEndedError } from '../parallel/group-ended-error.js';
import { ScheduleSet } from '../schedules/schedule-set.js';
import { TrainingError } from '../training-error.js';
import { batchSource } from './batch-source.js';
import { ExplosionWatch } from './explosion-watch.js';
import { LossReader } from './loss-reader.js';
import { Stopwatch } from './stopwatch.js';
import { applyGradients, computeGradients, refineStep } from './train-step.js';
import type { FitOptions, FitResult, History, Logger, LogRecord } from './types.js';

/**
 * The training loop: batches in, variables trained, numbers out.
 *
 * Each iteration takes a batch, differentiates the loss, reads it (every `readEvery` iterations), lets the optimiser write
 * the variables, and calls `onStep`. The next batch is fetched meanwhile. Nothing is left behind but the result:
 * the number of tensors is the same after every iteration.
 *
 * @returns history, timing and the state of the optimiser, which the caller owns
 * @throws TrainingError if a loss or the norm of the gradients is not finite: with `readEvery: 1` before it reaches the variables
 * @throws ConfigError if an option is out of range or the loss is not a scalar
 */
export async function fit<Batch>(options: FitOptions<Batch>): Promise<FitResult> {
  const { variables, optimizer, iterations, signal, logger, onStep } = options;
  const { startIteration = 0, logEvery = 10, group, runningAverages = {} } = options;
  const schedules = new ScheduleSet(options.learningRate, options.lossWeights ?? {}, options.scheduleStates);
  const atOnce = schedules.adapts || ['cpu', 'wasm'].includes(tf.getBackend());
  const readEvery = schedules.adapts ? 1 : (options.readEvery ?? (atOnce ? 1 : logEvery));
  checkCounts({ iterations, startIteration, logEvery, readEvery });
  const disposeBatch = options.disposeBatch ?? ((batch: Batch) => tf.dispose(batch as never));
  const countSamples = options.countSamples ?? firstDimension;
  const batches = typeof options.batches === 'function' ? options.batches(startIteration) : options.batches;
  // replicas stop together, after a step: one that left by itself would be waited for
  const source = batchSource(batches, disposeBatch, group ? undefined : signal);
  const reader = new LossReader();
  const explosions = options.explosionFactor === undefined ? undefined : new ExplosionWatch(options.explosionFactor);
  const watch = new Stopwatch();
  const history: History = { iteration: [], total: [], learningRate: [], terms: {} };
  let state = options.optimizerState ? copyState(options.optimizerState) : optimizer.init(variables);
  let iteration = startIteration;
  let reason: FitResult['reason'] = 'finished';
  try {
    if (group !== undefined) {
      await broadcastVariables(group, variables);
      await broadcastVariables(group, runningAverages);
    }
    while (iteration < iterations) {
      await yieldToEvents();
      const { batch, waitedSeconds } = await source.next();
      watch.waited(waitedSeconds);
      const abortedAlone = group === undefined && signal?.aborted === true;
      if (abortedAlone || batch === undefined) {
        if (batch !== undefined) disposeBatch(batch);
        reason = abortedAlone ? 'aborted' : 'no more batches';
        break;
      }
      if (iteration + 1 < iterations) source.prefetch();
      const learningRate = schedules.learningRate(iteration);
      const weights = schedules.weights(iteration);
      let gradients;
      let stop = false;
      try {
        watch.samples(countSamples(batch) * (group?.members ?? 1));
        const loss = () => options.computeLoss(batch, { iteration, weights });
        const computed = computeGradients(variables, loss);
        const told = group && { member: group, runningAverages, stop: signal?.aborted === true };
        const result = await refineStep(computed, told, options.gradientClip);
        ({ gradients, stop } = result);
        reader.add(iteration, result.total, result.terms);
        const logs = (iteration + 1) % logEvery === 0 || iteration + 1 === iterations;
        if (logs || (iteration + 1) % readEvery === 0) {
          const losses = await reader.read();
          explosions?.check(losses);
          losses.forEach((read) => schedules.update(read));
        }
      } catch (error) {
        if (gradients) tf.dispose(Object.values(gradients));
        if (error instanceof TrainingError) {
          await options.onFailure?.({ error, ...(error.iteration === iteration ? { batch } : {}) });
        }
        if (!(error instanceof GroupEndedError) || error.failed) throw error;
        reason = 'no more batches';
        break;
      } finally {
        disposeBatch(batch);
      }
      state = applyGradients(optimizer, variables, gradients, state, learningRate);
      iteration++;
      let record: LogRecord | undefined;
      if (iteration % logEvery === 0 || iteration === iterations) {
        record = {
          iteration,
          iterations,
          ...reader.takeMeans(),
          learningRate,
          weights,
          ...watch.lap(iterations - iteration),
        };
        append(history, record);
        await logger?.log(record);
      }
      await onStep?.({
        iteration,
        optimizerState: state,
        scheduleStates: schedules.states(),
        ...(record ? { record } : {}),
      });
      if (stop) {
        reason = 'aborted';
        break;
      }
    }
    group?.leave('finished');
    const scheduleStates = schedules.states();
    return { history, iteration, optimizerState: state, scheduleStates, timing: watch.total(), reason };
  } catch (error) {
    group?.leave('failed');
    disposeOptimizerState(state);
    throw error;
  } finally {
    reader.dispose();
    await source.close();
    await endLogger(logger, () => disposeOptimizerState(state)); // nobody gets the result
  }
}

function checkCounts(counts: Record<string, number>): void {
  for (const [name, value] of Object.entries(counts)) {
    const least = name === 'startIteration' || name === 'iterations' ? 0 : 1;
    if (Number.isInteger(value) && value >= least) continue;
    throw new ConfigError(`fit: expected ${name} to be an integer of at least ${least}, got ${value}.`, {
      expected: `an integer of at least ${least}`,
      actual: value,
    });
  }
}

async function endLogger(logger: Logger | undefined, onFailure: () => void): Promise<void> {
  try {
    await logger?.end?.();
  } catch (error) {
    onFailure();
    throw error;
  }
}

function firstDimension(batch: unknown): number {
  return tf.tensor_util.getTensorsInContainer(batch as never)[0]?.shape[0] ?? 1;
}

function copyState(state: OptimizerState): OptimizerState {
  const slots = Object.entries(state.slots).map(([slot, tensors]) => [
    slot,
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)])),
  ]);
  return { step: state.step, slots: Object.fromEntries(slots) as OptimizerState['slots'] };
}

function append(history: History, record: LogRecord): void {
  history.iteration.push(record.iteration);
  history.total.push(record.total);
  history.learningRate.push(record.learningRate);
  for (const [name, value] of Object.entries(record.terms)) (history.terms[name] ??= []).push(value);
}

/** Lets timers, signals and finished I/O have their turn: a step on cpu or wasm never leaves the thread on its own. */
function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

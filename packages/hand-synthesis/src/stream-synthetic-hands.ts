import { createRenderBuffers } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { ConfigError, createRng } from '@opposable/tensor-checks';
import { resolveSettings, type SynthesizeHandOptions } from './settings/synthesis-options.js';
import { type SyntheticHand, synthesizeWith } from './synthesize-hand.js';

export interface StreamSyntheticHandsOptions extends SynthesizeHandOptions {
  readonly model: ManoModel;
  readonly seed: number | string;
  /** Names the part of the data: other splits of the same seed have other hands. Default 'train'. */
  readonly split?: string | undefined;
  /** First sample. Default 0. */
  readonly start?: number | undefined;
  /** How many samples, from `start` on in steps of `step`; Infinity for an endless stream. */
  readonly count: number;
  /** Every how many samples: worker w of n takes `start: w, step: n`. Default 1. */
  readonly step?: number | undefined;
}

/**
 * A stream of synthetic hands. Sample i depends on seed, split and i alone, so that any way of cutting the stream into
 * parts gives the same hands.
 *
 * A hand is made when it is asked for.
 *
 * @throws ConfigError for an option that is not accepted
 *
 * @example
 * for (const hand of streamSyntheticHands({ model, seed: 7, count: 100 })) train(hand);
 */
export function* streamSyntheticHands(options: StreamSyntheticHandsOptions): Generator<SyntheticHand, void, undefined> {
  const { model, seed, split = 'train', start = 0, step = 1, count, ...synthesis } = options;
  const isCount = (value: number) => Number.isInteger(value) && value >= 0;
  if (!isCount(start) || !isCount(step) || step < 1 || !(isCount(count) || count === Infinity)) {
    throw new ConfigError(
      `streamSyntheticHands: expected start and count as integers from 0 and step from 1, got start ${start}, count ${count}, step ${step}.`,
      { expected: { start: '>= 0', count: '>= 0', step: '>= 1' }, actual: { start, count, step } },
    );
  }
  const settings = resolveSettings(synthesis);
  const how = { ...synthesis, buffers: synthesis.buffers ?? createRenderBuffers() };
  const rng = createRng(seed).split(split);
  for (let n = 0; n < count; n++) {
    const index = start + n * step;
    yield {
      ...synthesizeWith(settings, rng.split(index), model, how),
      id: `${split}-${String(index).padStart(8, '0')}`,
      source: { dataset: 'synthetic', file: `${seed}/${split}`, index },
    };
  }
}

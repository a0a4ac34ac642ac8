import {
  type AnySchedule,
  cosineDecay,
  type OnPlateauOptions,
  piecewise,
  plateauDecay,
  plateauSteps,
  type Schedule,
  stepDecay,
  warmUp,
} from '@opposable/training';
import type { AnyStage, StageSettings } from './stage.js';

/** How the learning rate goes on after its first value; `warmUp`: iterations over which it rises to it. */
export type RateDecay = { readonly warmUp?: number | undefined } & (
  | { readonly kind: 'constant' }
  /** multiplied by `factor` every `every` iterations */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** half a cosine down to `final` of the first value */
  | { readonly kind: 'cosine'; readonly final: number }
  /** multiplied by `factor` whenever the loss has stopped improving */
  | ({ readonly kind: 'plateau'; readonly factor: number; readonly minimum?: number | undefined } & WatchedLoss)
);

/** When a loss counts as no longer improving; see `plateauDecay` of @opposable/training. */
export type WatchedLoss = { readonly [K in 'every' | 'patience' | 'threshold']?: number | undefined } & {
  readonly metric?: string | undefined;
};

/** Weights of the mask term: each from an iteration on, or one after the other whenever the loss stops improving. */
export type MaskSchedule =
  | readonly { readonly from: number; readonly weight: number }[]
  | ({ readonly onPlateau: readonly number[] } & WatchedLoss);

export function isOnPlateau(schedule: MaskSchedule): schedule is Extract<MaskSchedule, { onPlateau: unknown }> {
  return !Array.isArray(schedule);
}

function given({ every, patience, threshold, metric }: WatchedLoss): OnPlateauOptions {
  const entries = Object.entries({ every, patience, threshold, metric }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

export function learningRateOf({ learningRate, decay, iterations }: StageSettings): AnySchedule {
  const { warmUp: rising = 0 } = decay;
  if (decay.kind === 'plateau') {
    const { factor, minimum = 0 } = decay;
    return plateauDecay({ initial: learningRate, factor, minimum, warmUp: rising, ...given(decay) });
  }
  const then = ((): Schedule | number => {
    switch (decay.kind) {
      case 'constant':
        return learningRate;
      case 'step':
        return stepDecay({ initial: learningRate, factor: decay.factor, every: decay.every });
      case 'cosine':
        return cosineDecay({
          initial: learningRate,
          final: decay.final * learningRate,
          iterations: Math.max(1, iterations - rising),
        });
    }
  })();
  return rising === 0 && decay.kind !== 'cosine' ? then : warmUp({ iterations: rising, then });
}

export function maskWeightOf(stage: AnyStage): AnySchedule {
  if (stage.kind === 'pretrain') return 0;
  const { maskSchedule, weights } = stage;
  if (isOnPlateau(maskSchedule)) {
    return plateauSteps({ values: maskSchedule.onPlateau, metric: 'mask', ...given(maskSchedule) });
  }
  const pieces = maskSchedule.map(({ from, weight }) => ({ from, value: weight }));
  return pieces[0]?.from === 0 ? piecewise(pieces) : piecewise([{ from: 0, value: weights.mask }, ...pieces]);
}

/** The mask term's weight at the beginning. */
export function firstMaskWeight(schedule: MaskSchedule, otherwise: number): number {
  if (isOnPlateau(schedule)) return schedule.onPlateau[0] ?? 0;
  return schedule[0]?.from === 0 ? schedule[0].weight : otherwise;
}

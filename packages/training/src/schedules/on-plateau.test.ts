import type { AdaptiveSchedule, ScheduleStates } from './adaptive.js';
import { plateauDecay, plateauSteps } from './on-plateau.js';
import { ScheduleSet } from './schedule-set.js';

/** The values that a schedule has while the losses come, one an iteration. */
function follow(schedule: AdaptiveSchedule, totals: readonly number[]): number[] {
  let state = schedule.init();
  return totals.map((total, i) => {
    const value = schedule.value(state, i);
    state = schedule.update(state, { total, terms: { mask: total / 2 } });
    return value;
  });
}

describe('plateauDecay', () => {
  it('halves the rate after patience + 1 means without improvement', () => {
    const rate = plateauDecay({ initial: 8, factor: 0.5, every: 2, patience: 1, minimum: 3 });
    // means of two: 5, 4, 4, 4 (plateau), 1, 1, 1 (plateau)
    const losses = [4, 6, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1];
    expect(follow(rate, losses)).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 4, 4, 3, 3]);
  });

  it('rises first', () => {
    expect(follow(plateauDecay({ initial: 8, warmUp: 4 }), [1, 1, 1, 1, 1])).toEqual([2, 4, 6, 8, 8]);
  });

  it('refuses what it cannot use', () => {
    expect(() => plateauDecay({ initial: 1, factor: 1 })).toThrow('plateau: expected factor in (0, 1), got 1.');
    expect(() => plateauDecay({ initial: 1, every: 0 })).toThrow(
      'plateau: expected every to be a positive integer, got 0.',
    );
    expect(() => follow(plateauDecay({ initial: 1, metric: 'pose' }), [1])).toThrow(
      'plateau: expected the metric to be one of total, mask, got "pose".',
    );
    expect(() => plateauSteps({ values: [] })).toThrow('plateauSteps: expected at least one value, got none.');
  });
});

describe('plateauSteps', () => {
  it('goes through its values, beginning anew after each', () => {
    const weight = plateauSteps({ values: [100, 10, 1], metric: 'mask', every: 1, patience: 0 });
    // a plateau at the second 3; what follows is worse, and still counts as progress from there
    expect(follow(weight, [4, 3, 3, 9, 8, 8, 8, 8])).toEqual([100, 100, 100, 10, 10, 10, 1, 1]);
  });
});

it('a set of schedules goes on from its states, which JSON can hold', () => {
  const create = (states: ScheduleStates = {}) =>
    new ScheduleSet(
      plateauDecay({ initial: 1, factor: 0.5, every: 3, patience: 0 }),
      { mask: plateauSteps({ values: [100, 10, 1], every: 2, patience: 1 }), pose: (i) => i, rest: 7 },
      states,
    );
  const losses = Array.from({ length: 40 }, (_, i) => ({ total: 0.1 * Math.abs(Math.sin(i * i)), terms: {} }));
  const whole = create();
  const seen = losses.map((loss, i) => {
    whole.update(loss);
    return { rate: whole.learningRate(i), ...whole.weights(i), states: JSON.stringify(whole.states()) };
  });
  expect(new Set(seen.map(({ rate }) => rate)).size).toBeGreaterThan(2);
  expect(new Set(seen.map((each) => (each as unknown as { mask: number }).mask))).toEqual(new Set([100, 10, 1]));
  const resumed = create(JSON.parse(seen[16]!.states) as ScheduleStates);
  for (let i = 17; i < 40; i++) {
    resumed.update(losses[i]!);
    expect({ rate: resumed.learningRate(i), ...resumed.weights(i), states: JSON.stringify(resumed.states()) }).toEqual(seen[i]); // prettier-ignore
  }
});

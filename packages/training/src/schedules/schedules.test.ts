import { cosineDecay } from './cosine-decay.js';
import { piecewise } from './piecewise.js';
import { plateau } from './plateau.js';
import { constant, type Schedule, toSchedule } from './schedule.js';
import { stepDecay } from './step-decay.js';
import { warmUp } from './warm-up.js';

const table = (schedule: Schedule, iterations: number[]) => iterations.map((i) => schedule(i));

describe('schedules', () => {
  it('a number is a constant schedule', () => {
    expect(table(toSchedule(3), [0, 7])).toEqual([3, 3]);
    const schedule = constant(2);
    expect(toSchedule(schedule)).toBe(schedule);
  });

  it('stepDecay halves every 10 000 iterations', () => {
    const rate = stepDecay({ initial: 1e-4, factor: 0.5, every: 10000 });
    expect(table(rate, [0, 9999, 10000, 19999, 20000])).toEqual([1e-4, 1e-4, 5e-5, 5e-5, 2.5e-5]);
    expect(() => stepDecay({ initial: 1, factor: 0.5, every: 0 })).toThrow(
      'stepDecay: expected every to be a positive integer, got 0.',
    );
  });

  it('cosineDecay falls along a half wave and stays', () => {
    const values = table(cosineDecay({ initial: 1, final: 0.2, iterations: 12 }), [0, 4, 6, 8, 12, 100]);
    [1, 0.8, 0.6, 0.4, 0.2, 0.2].forEach((expected, i) => expect(values[i]).toBeCloseTo(expected, 12));
    expect(() => cosineDecay({ initial: 1, iterations: 0 })).toThrow(
      'cosineDecay: expected iterations above 0, got 0.',
    );
  });

  it('warmUp rises in equal steps, then the next schedule starts from its beginning', () => {
    const rate = warmUp({ iterations: 4, then: stepDecay({ initial: 8, factor: 0.5, every: 2 }) });
    expect(table(rate, [0, 1, 2, 3, 4, 5, 6, 8])).toEqual([2, 4, 6, 8, 8, 8, 4, 2]);
    expect(table(warmUp({ iterations: 0, then: 5 }), [0, 1])).toEqual([5, 5]);
    expect(() => warmUp({ iterations: -1, then: 1 })).toThrow(
      'warmUp: expected iterations to be an integer of at least 0, got -1.',
    );
  });

  it('piecewise holds each value from its first iteration', () => {
    const weight = piecewise([
      { from: 0, value: 100 },
      { from: 3, value: 10 },
      { from: 5, value: 1 },
    ]);
    expect(table(weight, [0, 2, 3, 4, 5, 1000])).toEqual([100, 100, 10, 10, 1, 1]);
    expect(() => piecewise([{ from: 1, value: 1 }])).toThrow(
      'piecewise: expected pieces that begin at 0 and rise, got [1].',
    );
    expect(() => piecewise([])).toThrow('piecewise');
    expect(() =>
      piecewise([
        { from: 0, value: 1 },
        { from: 0, value: 2 },
      ]),
    ).toThrow('got [0, 0]');
  });
});

describe('plateau', () => {
  it('lowers the value after more than `patience` metrics without improvement, as PyTorch does', () => {
    const rule = plateau({ factor: 0.5, patience: 2, threshold: 0.1, minimum: 0.3 });
    let state = rule.init(1);
    const values = [10, 8, 7.5, 7.3, 7.2, 7, 7, 7, 7, 7, 7].map((metric) => (state = rule.update(state, metric)).value);
    // 8 improves on 10 by more than 10 %; 7.5 and 7.3 do not, 7.2 neither (8 · 0.9); 7 does; then three without make a plateau.
    expect(values).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3]);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('may watch a metric that should grow', () => {
    const rule = plateau({ factor: 0.1, patience: 0, better: 'larger' });
    const after = [1, 2, 2].reduce(rule.update, rule.init(1));
    expect(after).toEqual({ value: 0.1, best: 2, waited: 0 });
  });

  it('checks its options', () => {
    expect(() => plateau({ factor: 1 })).toThrow('plateau: expected factor in (0, 1), got 1.');
    expect(() => plateau({ patience: 0.5 })).toThrow(
      'plateau: expected patience to be an integer of at least 0, got 0.5.',
    );
  });
});

import { createRng } from '@opposable/tensor-checks';
import { axisAngleToMatrix } from './axis-angle-to-matrix.js';
import { nearestAxisAngle } from './nearest-axis-angle.js';
import { oneEuroFilter } from './one-euro-filter.js';

const TAU = 2 * Math.PI;

describe('oneEuroFilter', () => {
  it('equals the recursion of the paper, written out for one number', () => {
    const [minimumCutoff, beta, derivativeCutoff] = [0.8, 0.3, 1.5];
    const filter = oneEuroFilter({ minimumCutoff, beta, derivativeCutoff });
    const rng = createRng('one euro');
    let time = 0;
    const alpha = (cutoff: number, interval: number): number => {
      const r = TAU * cutoff * interval;
      return r / (r + 1);
    };
    let [x, raw, speed] = [NaN, NaN, 0];
    for (let i = 0; i < 50; i++) {
      const interval = rng.uniform(0.01, 0.1);
      time += interval;
      const value = 5 * Math.sin(time) + rng.normal(0, 0.2);
      if (i === 0) x = value;
      else {
        const a = alpha(derivativeCutoff, interval);
        speed = a * ((value - raw) / interval) + (1 - a) * speed;
        const b = alpha(minimumCutoff + beta * Math.abs(speed), interval);
        x = b * value + (1 - b) * x;
      }
      raw = value;
      expect(filter.filter([value], time)[0]).toBeCloseTo(x, 12);
    }
  });

  it('takes most of the trembling out of what rests, and with β follows what moves', () => {
    const rng = createRng('still');
    const frames = Array.from({ length: 300 }, (_, i) => ({ time: i / 30, noise: rng.normal() }));
    const rest = oneEuroFilter({ minimumCutoff: 0.5 });
    const smoothed = frames.map(({ time, noise }) => rest.filter([100 + noise], time)[0]! - 100).slice(60);
    const deviation = (values: number[]): number => Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length);
    expect(deviation(smoothed)).toBeLessThan(0.35 * deviation(frames.slice(60).map(({ noise }) => noise)));
    const lag = (beta: number): number => {
      const filter = oneEuroFilter({ minimumCutoff: 0.5, beta });
      return frames.map(({ time }) => 50 * time - filter.filter([50 * time], time)[0]!).at(-1)!;
    };
    expect(lag(0)).toBeGreaterThan(10);
    expect(lag(0.1)).toBeLessThan(3);
  });

  it('filters each number by itself, and begins anew after what is not finite or a reset', () => {
    const filter = oneEuroFilter();
    filter.filter([0, 7], 0);
    const [moved, still] = filter.filter([10, 7], 0.1);
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(10);
    expect(still).toBe(7);
    expect(filter.filter([NaN, 7], 0.2)[0]).toBeNaN();
    expect(Array.from(filter.filter([3, 7], 0.3))).toEqual([3, 7]);
    filter.reset();
    expect(Array.from(filter.filter([1, 2, 3], 0))).toEqual([1, 2, 3]);
  });

  it('refuses what it cannot use', () => {
    expect(() => oneEuroFilter({ minimumCutoff: 0 })).toThrow(
      'oneEuroFilter: expected cut-offs above 0 and beta of at least 0, got 0, 1 and 0.',
    );
    const filter = oneEuroFilter();
    filter.filter([1], 1);
    expect(() => filter.filter([1], 1)).toThrow('oneEuroFilter: expected a time after 1 s, got 1 s.');
    expect(() => filter.filter([1, 2], 2)).toThrow('oneEuroFilter: expected 1 values as before, got 2.');
  });
});

describe('nearestAxisAngle', () => {
  it('is the same rotation, and no equivalent vector is nearer', () => {
    const rng = createRng('nearest');
    for (let i = 0; i < 200; i++) {
      const [rotation, reference] = [0, 1].map(() => [rng.normal(0, 3), rng.normal(0, 3), rng.normal(0, 3)]) as [
        number[],
        number[],
      ];
      const near = nearestAxisAngle(rotation, reference);
      const [expected, found] = [rotation, near].map((r) => Array.from(axisAngleToMatrix(r as never)));
      found!.forEach((value, k) => expect(value).toBeCloseTo(expected![k]!, 9));
      const distance = (r: number[]): number => Math.hypot(...r.map((value, k) => value - reference[k]!));
      const angle = Math.hypot(...rotation);
      for (let turns = -4; turns <= 4; turns++) {
        const other = rotation.map((value) => value * (1 + (TAU * turns) / angle));
        expect(distance([...near])).toBeLessThanOrEqual(distance(other) + 1e-9);
      }
    }
    expect(nearestAxisAngle([0, 0, 0], [0, 0, 6.2])[2]).toBeCloseTo(TAU, 9);
    expect(nearestAxisAngle([0, 0, 0], [0, 0, 0])).toEqual([0, 0, 0]);
  });
});

import { createRng, rngFromState, type RngState } from './rng.js';

describe('createRng', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number | string) =>
      Array.from(
        { length: 8 },
        (
          (rng) => () =>
            rng.uniform()
        )(createRng(seed)),
      );
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('has the moments of its distributions', () => {
    const rng = createRng(1);
    const count = 40000;
    const uniform = Array.from({ length: count }, () => rng.uniform(-1, 3));
    const normal = Array.from({ length: count }, () => rng.normal(2, 0.5));
    const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
    const variance = (x: number[]) => mean(x.map((v) => (v - mean(x)) ** 2));
    // standard errors: 4/sqrt(12·count) = 0.0058 and 0.0025; four of them are allowed
    expect(Math.abs(mean(uniform) - 1)).toBeLessThan(0.023);
    expect(variance(uniform)).toBeCloseTo(16 / 12, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    expect(Math.abs(mean(normal) - 2)).toBeLessThan(0.01);
    expect(Math.sqrt(variance(normal))).toBeCloseTo(0.5, 2);
  });

  it('draws every integer of the range equally often', () => {
    const rng = createRng(5);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30000; i++) counts[rng.integer(0, 2)]!++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(400);
    expect(() => rng.integer(2, 1)).toThrow('rng.integer: expected integers with min <= max');
  });

  it('permutes: every index once', () => {
    expect([...createRng(2).permutation(100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('splits into children that do not depend on what was drawn before', () => {
    const untouched = createRng(9);
    const used = createRng(9);
    used.uniform();
    expect(used.split('pose').uniform()).toBe(untouched.split('pose').uniform());
    expect(untouched.split('pose').uniform()).not.toBe(untouched.split('shape').uniform());
    expect(untouched.split(1).split(2).uniform()).not.toBe(untouched.split(2).split(1).uniform());
  });

  it('gives numbered children that are not correlated', () => {
    const parent = createRng(11);
    const first = Array.from({ length: 5000 }, (_, i) => parent.split(i).uniform(-1, 1));
    let sum = 0;
    for (let i = 1; i < first.length; i++) sum += first[i]! * first[i - 1]!;
    expect(Math.abs(sum / (first.length - 1) / (1 / 3))).toBeLessThan(0.06); // about four standard errors
  });

  it('continues from a saved state', () => {
    const rng = createRng(4);
    rng.uniform();
    const copy = rngFromState(JSON.parse(JSON.stringify(rng.state())) as RngState);
    expect([copy.uniform(), copy.split('x').uniform()]).toEqual([rng.uniform(), rng.split('x').uniform()]);
    expect(() => rngFromState({ key: 1, generator: [1] })).toThrow(
      'rngFromState: expected an integer key and 4 integers',
    );
  });

  it('refuses to pick from nothing', () => {
    expect(() => createRng(1).pick([])).toThrow('rng.pick: expected a non-empty array');
  });
});

import { ConfigError, createRng } from '@opposable/tensor-checks';
import { synthesizeBackground } from './synthesize-background.js';

describe('synthesizeBackground', () => {
  it('is decided by the seed, and is a picture with something in it', () => {
    const [one, again, other] = [1, 1, 2].map((seed) =>
      synthesizeBackground(createRng(seed), { preset: 'realistic', size: 48 }),
    );
    expect([one!.width, one!.height, one!.data.length]).toEqual([48, 48, 48 * 48 * 3]);
    expect(again!.data).toEqual(one!.data);
    expect(other!.data).not.toEqual(one!.data);
    const spread = Array.from({ length: 12 }, (_, seed) => {
      const { data } = synthesizeBackground(createRng(seed), { preset: 'realistic', size: 32 });
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    });
    expect(Math.max(...spread)).toBeGreaterThan(10);
  });

  it('cuts from photographs where there are some, and refuses what the presets refuse', () => {
    const red = { width: 90, height: 60, data: new Uint8Array(90 * 60 * 3).map((_, i) => (i % 3 === 0 ? 200 : 10)) };
    const { data } = synthesizeBackground(createRng(3), {
      preset: 'demo',
      size: 32,
      backgrounds: [red],
      photoShare: 1,
      noise: [0, 0],
    });
    for (let i = 0; i < data.length; i += 3) expect([data[i], data[i + 1], data[i + 2]]).toEqual([200, 10, 10]);
    expect(() => synthesizeBackground(createRng(1), { size: 1.5 })).toThrow(ConfigError);
  });
});

import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from './half-floats.js';

/** Nearest of all finite float16 values by search; ties to the even pattern. */
function nearestFloat16(value: number): number {
  let best = 0;
  for (let bits = 0; bits < 0x7c00; bits++) {
    const [error, bestError] = [Math.abs(float16ToNumber(bits) - value), Math.abs(float16ToNumber(best) - value)];
    if (error < bestError || (error === bestError && bits % 2 === 0)) best = bits;
  }
  return best;
}

describe('float16', () => {
  it('comes back from every one of its 65,536 patterns', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16ToNumber(bits);
      if (!Number.isNaN(value)) expect(numberToFloat16(value)).toBe(bits);
    }
  });

  it('rounds to the nearest value, ties to even, and overflows to infinity', () => {
    const ulp = 2 ** -24;
    const values = [
      0.1,
      1 / 3,
      1e-5,
      6.1e-5,
      65503.9,
      2049,
      2051,
      1.5 * ulp,
      0.5 * ulp,
      0.51 * ulp,
      1023.5 * ulp,
      2 ** -14,
    ];
    for (const value of values) expect(numberToFloat16(value)).toBe(nearestFloat16(value));
    expect(numberToFloat16(65519.99)).toBe(0x7bff);
    expect(numberToFloat16(65520)).toBe(0x7c00);
    expect(numberToFloat16(-1e30)).toBe(0xfc00);
    expect(float16ToNumber(numberToFloat16(NaN))).toBeNaN();
  });
});

describe('bfloat16', () => {
  it('comes back from every one of its patterns and rounds ties to even', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = bfloat16ToNumber(bits);
      if (!Number.isNaN(value)) expect(numberToBfloat16(value)).toBe(bits);
    }
    expect(numberToBfloat16(1 + 2 ** -8)).toBe(0x3f80);
    expect(numberToBfloat16(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(numberToBfloat16(3.4e38)).toBe(0x7f80);
    expect(bfloat16ToNumber(numberToBfloat16(NaN))).toBeNaN();
  });
});

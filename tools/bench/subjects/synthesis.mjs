import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { milliseconds, row } from '../measure.mjs';

export const title = 'Synthetic hands with all labels, 128 × 128, per core';
const PER_CALL = 20;

export async function measure() {
  const model = loadOpenHand('right');
  const rows = [];
  for (const background of ['plain', 'varied']) {
    let start = 0;
    const make = () => {
      const hands = streamSyntheticHands({ model, seed: 1, size: 128, background, start, count: PER_CALL });
      for (const _hand of hands) start++;
    };
    const ms = await milliseconds(make, { minimum: 5, seconds: 1.5 });
    rows.push(row(`preset demo, background ${background}`, (PER_CALL * 1000) / ms, 'hands/s'));
  }
  return rows;
}

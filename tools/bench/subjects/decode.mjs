import { decodeHandParameters, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { milliseconds, row } from '../measure.mjs';

export const title = 'The 22 numbers to a mesh on plain arrays, float64, one core';

export async function measure() {
  const hand = loadOpenHand('right');
  const rng = createRng(1);
  const all = Array.from({ length: 64 }, () => HAND_PARAMETER_MEAN.map((mean, i) => (i < 3 ? mean : rng.normal())));
  const decodeAll = () => {
    for (const parameters of all) decodeHandParameters(hand, parameters);
  };
  const ms = await milliseconds(decodeAll, { warmUp: 5, minimum: 9, seconds: 1.5 });
  return [row('decodeHandParameters', (all.length * 1000) / ms, 'hands/s')];
}

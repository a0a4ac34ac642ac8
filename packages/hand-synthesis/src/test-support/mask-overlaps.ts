import { createMask, type MaskPreset } from '@opposable/hand-datasets';
import { loadOpenHand } from '@opposable/open-hand';
import { SYNTHESIS_PRESETS } from '../settings/presets.js';
import { streamSyntheticHands } from '../stream-synthetic-hands.js';

interface Hands {
  readonly preset: keyof typeof SYNTHESIS_PRESETS;
  readonly masks: MaskPreset;
  readonly count: number;
  readonly size: number;
}

/** Mean intersection over union of masks by GrabCut with the true ones; a hand without a mask counts as 0. */
export async function meanMaskOverlap({ preset, masks, count, size }: Hands): Promise<number> {
  const options = { model: loadOpenHand('right'), seed: 'masks', count, ...SYNTHESIS_PRESETS[preset], size };
  let sum = 0;
  for (const hand of streamSyntheticHands(options)) {
    const { mask } = await createMask(hand, { preset: masks });
    let [both, either] = [0, 0];
    hand.mask.data.forEach((value, i) => {
      const [isTrue, isFound] = [value > 127, (mask?.data[i] ?? 0) > 0];
      if (isTrue && isFound) both++;
      if (isTrue || isFound) either++;
    });
    sum += both / either;
  }
  return sum / count;
}

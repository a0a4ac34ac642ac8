import { readImage, readMask } from '../node/images/read-image.js';
import { readers } from '../node/readers/readers.js';
import { overlap } from '../test-support/painted-hand.js';
import { describeWithSamples, SAMPLES } from '../test-support/samples.js';
import { prepareSample } from '../transform/prepare-sample.js';
import type { HandSample } from '../types.js';
import { createMask } from './create-mask.js';

describeWithSamples('boukhayma-3dhand', 'the published masks of 3dhand', () => {
  const folder = `${SAMPLES}boukhayma-3dhand/cropped/`;
  const prepared: Record<string, HandSample> = {};
  beforeAll(async () => {
    for await (const sample of readers['mpii-nzsl'](`${SAMPLES}mpii-nzsl-hand-labels`)) {
      const id = sample.id.split('/')[1]!;
      prepared[id] = prepareSample(sample, { keypointOrder: 'mano', size: 320, sampling: 'corners' });
    }
  });

  it.each([
    ['0', 0.999],
    ['2', 0.96],
  ])('are met on the published crops (sample %s: IoU above %f)', async (id, least) => {
    const image = await readImage(`${folder}${id}.png`);
    const { mask } = await createMask({ ...prepared[id]!, image }, { preset: '3dhand' });
    const published = await readMask(`${folder}mask_${id}.png`);
    expect(overlap(mask!.data, published.data)).toBeGreaterThan(least);
  });

  it.each(['0', '2'])('are met on crops of our own (sample %s: IoU above 0.9)', async (id) => {
    const { mask } = await createMask(prepared[id]!, { preset: '3dhand' });
    const published = await readMask(`${folder}mask_${id}.png`);
    expect(overlap(mask!.data, published.data)).toBeGreaterThan(0.9);
  });
});

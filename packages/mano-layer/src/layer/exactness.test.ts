import { CONVENTION_FACTS } from '../test-support/convention-facts.js';
import { gradientErrors, largestLayerError, layerCase, prepareWasm } from '../test-support/layer-error.js';

// 1,000 sets per convention, and more gradients, are in exactness-*.slow.test.ts.
const SETS = 50;

describe.each(['composed operations', 'the fused kernel'])('ManoLayer by %s', (path) => {
  beforeAll(() => prepareWasm({ fused: path === 'the fused kernel' }));

  describe.each(CONVENTION_FACTS)('in the convention $convention, $side hand,', (facts) => {
    it('equals the float64 loop to 2e-6 m in every vertex, joint and keypoint', async () => {
      const { subject, rng } = layerCase(facts, 7);
      expect(await largestLayerError(subject, SETS, rng)).toBeLessThanOrEqual(2e-6);
      subject.layer.dispose();
    });

    it('has the gradients of central differences, at the zero pose and half turns too', async () => {
      const { subject, rng } = layerCase(facts, 8);
      const errors = Object.values(await gradientErrors(subject, [0, 5], rng));
      expect(errors).toHaveLength(4);
      expect(Math.max(...errors)).toBeLessThanOrEqual(1e-4);
      subject.layer.dispose();
    });
  });
});

import { createRng } from '@opposable/tensor-checks';
import { negateShapeX } from '../conventions/left-shape-bug.js';
import { CONVENTION_FACTS } from '../test-support/convention-facts.js';
import { gradientErrors, largestLayerError, prepareWasm } from '../test-support/layer-error.js';
import { manoSizedHand } from '../test-support/synthetic-hand.js';
import { ManoLayer } from './mano-layer.js';

// 1,000 sets per convention, and more gradients, are in exactness.slow.test.ts.
const SETS = 50;

describe.each(['composed operations', 'the fused kernel'])('ManoLayer by %s', (path) => {
  beforeAll(() => prepareWasm({ fused: path === 'the fused kernel' }));

  describe.each(CONVENTION_FACTS)('in the convention $convention, $side hand,', (facts) => {
    const rng = createRng(7).split(facts.convention).split(facts.side);
    const given = manoSizedHand(rng.split('model'), facts.side);
    const model = facts.unfixed === true ? negateShapeX(given) : given;

    it('equals the float64 loop to 2e-6 m in every vertex, joint and keypoint', async () => {
      const layer = new ManoLayer(given, { convention: facts.convention });
      expect(await largestLayerError({ layer, facts, model }, SETS, rng)).toBeLessThanOrEqual(2e-6);
      layer.dispose();
    });

    it('has the gradients of central differences, at the zero pose and half turns too', async () => {
      const layer = new ManoLayer(given, { convention: facts.convention });
      const errors = await gradientErrors({ layer, facts, model }, [0, 5], rng);
      for (const name of ['betas', 'handPose', 'globalOrient', 'transl'])
        expect(errors[name]).toBeLessThanOrEqual(1e-4);
      layer.dispose();
    });
  });
});

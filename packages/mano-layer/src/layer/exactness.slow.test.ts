import { createRng } from '@opposable/tensor-checks';
import { negateShapeX } from '../conventions/left-shape-bug.js';
import { CONVENTION_FACTS } from '../test-support/convention-facts.js';
import { gradientErrors, largestLayerError, prepareWasm } from '../test-support/layer-error.js';
import { manoSizedHand } from '../test-support/synthetic-hand.js';
import { ManoLayer } from './mano-layer.js';

const SETS = 1000;
const TIMEOUT_MS = 300_000;

describe.each(['composed operations', 'the fused kernel'])('ManoLayer by %s', (path) => {
  beforeAll(() => prepareWasm({ fused: path === 'the fused kernel' }));

  it.each(CONVENTION_FACTS)(
    `equals the float64 loop to 2e-6 m in ${SETS} parameter sets of the convention $convention, $side hand`,
    async (facts) => {
      const rng = createRng(SETS).split(facts.convention).split(facts.side);
      const given = manoSizedHand(rng.split('model'), facts.side);
      const model = facts.unfixed === true ? negateShapeX(given) : given;
      const layer = new ManoLayer(given, { convention: facts.convention });
      expect(await largestLayerError({ layer, facts, model }, SETS, rng)).toBeLessThanOrEqual(2e-6);
      layer.dispose();
    },
    TIMEOUT_MS,
  );

  it.each(CONVENTION_FACTS)(
    'has the gradients of central differences in 20 parameter sets of the convention $convention, $side hand',
    async (facts) => {
      const rng = createRng(20).split(facts.convention).split(facts.side);
      const given = manoSizedHand(rng.split('model'), facts.side);
      const model = facts.unfixed === true ? negateShapeX(given) : given;
      const layer = new ManoLayer(given, { convention: facts.convention });
      const indices = Array.from({ length: 20 }, (_, index) => index);
      const errors = await gradientErrors({ layer, facts, model }, indices, rng);
      for (const name of ['betas', 'handPose', 'globalOrient', 'transl'])
        expect(errors[name]).toBeLessThanOrEqual(1e-4);
      layer.dispose();
    },
    TIMEOUT_MS,
  );
});

import { CONVENTION_FACTS } from './convention-facts.js';
import { gradientErrors, largestLayerError, layerCase, prepareWasm } from './layer-error.js';

const SETS = 1000;
const GRADIENT_SETS = Array.from({ length: 20 }, (_, index) => index);
const TIMEOUT_MS = 300_000;

/** The slow tests of one of the layer's two paths: a file each, so that they run side by side. */
export function describeManySets(path: 'composed operations' | 'the fused kernel'): void {
  describe(`ManoLayer by ${path}`, () => {
    beforeAll(() => prepareWasm({ fused: path === 'the fused kernel' }));

    it.each(CONVENTION_FACTS)(
      `equals the float64 loop to 2e-6 m in ${SETS} parameter sets of the convention $convention, $side hand`,
      async (facts) => {
        const { subject, rng } = layerCase(facts, 9);
        expect(await largestLayerError(subject, SETS, rng)).toBeLessThanOrEqual(2e-6);
        subject.layer.dispose();
      },
      TIMEOUT_MS,
    );

    it.each(CONVENTION_FACTS)(
      `has the gradients of central differences in ${GRADIENT_SETS.length} sets of the convention $convention, $side hand`,
      async (facts) => {
        const { subject, rng } = layerCase(facts, 10);
        const errors = Object.values(await gradientErrors(subject, GRADIENT_SETS, rng));
        expect(Math.max(...errors)).toBeLessThanOrEqual(1e-4);
        subject.layer.dispose();
      },
      TIMEOUT_MS,
    );
  });
}

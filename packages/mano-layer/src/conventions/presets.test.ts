import { createRng } from '@opposable/tensor-checks';
import { manoSizedHand } from '../test-support/synthetic-hand.js';
import { resolveLayerOptions } from './layer-options.js';
import { conventionLayerOptions, MANO_CONVENTIONS } from './presets.js';

describe('MANO_CONVENTIONS', () => {
  // name, mean added, coefficients, tips T I M R L of the right hand, order, unit, sides, left fix; from the public sources
  it.each([
    ['manopth', false, 6, [745, 317, 444, 556, 673], 'panoptic', 'mm', 2, 'off'],
    ['smplx', true, 6, [744, 320, 443, 554, 671], 'mano-raw', 'm', 2, 'off'],
    ['freihand', true, undefined, [744, 320, 443, 555, 672], 'panoptic', 'm', 1, 'on'],
    ['ho3d', false, undefined, [744, 333, 444, 555, 672], 'mano-raw', 'm', 1, 'on'],
    ['dexycb', true, 45, [745, 317, 444, 556, 673], 'panoptic', 'm', 2, 'off'],
    ['interhand', true, undefined, [745, 317, 444, 556, 673], 'interhand', 'mm', 2, 'on'],
    ['3dhand', true, 6, [745, 333, 444, 555, 672], 'mano', 'm', 1, 'on'],
  ] as const)('%s is what its sources say', (name, mean, count, tips, order, units, sides, fix) => {
    const convention = MANO_CONVENTIONS[name];
    const model = manoSizedHand(createRng(1));
    const options = resolveLayerOptions(model, conventionLayerOptions(convention));
    expect(options.flatHandMean).toBe(!mean);
    expect(options.numPcaComponents).toBe(count ?? 0);
    expect(options.poseRepresentation).toBe(count === undefined ? 'axis-angle' : 'pca');
    expect(options.fingertips).toEqual(tips);
    expect([options.keypointOrder, options.units]).toEqual([order, units]);
    expect(options.center).toBe(name === 'freihand' ? 'middle1' : 'none');
    expect([convention.name, convention.sides.length, convention.leftShapeFix]).toEqual([name, sides, fix]);
    expect(convention.axes).toBe(name === 'ho3d' ? 'opengl' : 'opencv');
    expect(convention.orientAbout).toBe(name === '3dhand' ? 'origin' : 'wrist');
  });

  it('keeps the left middle fingertip of manopth apart', () => {
    const left = manoSizedHand(createRng(1), 'left');
    const { fingertips } = resolveLayerOptions(left, conventionLayerOptions(MANO_CONVENTIONS.manopth));
    expect(fingertips).toEqual([745, 317, 445, 556, 673]);
  });
});

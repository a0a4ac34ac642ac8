import type { SurfaceFragments } from '@opposable/drawing';
import { loadOpenHand, openHandSurface } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { SYNTHESIS_PRESETS } from '../settings/presets.js';
import { type SkinDetails, skinSurface } from './skin-surface.js';
import { veinLines } from './vein-lines.js';

const hand = loadOpenHand('right');
const { nailPaint, mottling } = SYNTHESIS_PRESETS.realistic.skin;
const NONE: SkinDetails = { creases: 0, nails: 0, veins: 0, nailPaint, mottling };

/** Red, green and blue of white skin at places of the flat right hand, [N, 3] each. */
function shade(seed: number, skin: SkinDetails, places: ArrayLike<number>): Float32Array {
  const count = places.length / 3;
  const axis = (k: number) => Float32Array.from({ length: count }, (_, i) => places[3 * i + k]!);
  const [red, green, blue] = [1, 1, 1].map((value) => new Float32Array(count).fill(value));
  const fragments = { count, cx: axis(0), cy: axis(1), cz: axis(2), red, green, blue };
  skinSurface(createRng(seed), skin)!(fragments as unknown as SurfaceFragments);
  return Float32Array.from({ length: 3 * count }, (_, i) => [red!, green!, blue!][i % 3]![Math.floor(i / 3)]!);
}

describe('skinSurface', () => {
  it('is nothing where nothing is to be drawn', () => {
    expect(skinSurface(createRng(1), NONE)).toBeUndefined();
  });

  it('draws nails where the nails are, and nowhere else', () => {
    const { nails } = openHandSurface();
    const colors = shade(1, { ...NONE, nails: 1 }, hand.vTemplate);
    const changed = Array.from(nails, (_, v) => colors[3 * v + 2]! < 0.999);
    for (let finger = 1; finger <= 5; finger++) {
      const own = changed.filter((_, v) => nails[v] === finger);
      expect(own.filter(Boolean).length / own.length).toBeGreaterThan(0.4); // those in the corners lie outside
    }
    // skin far from every nail keeps its colour
    const nailPlaces = Array.from(nails.keys()).filter((v) => nails[v]! > 0);
    const distance = (a: number, b: number) =>
      Math.hypot(...[0, 1, 2].map((k) => hand.vTemplate[3 * a + k]! - hand.vTemplate[3 * b + k]!));
    const far = Array.from(nails.keys()).filter((v) => nailPlaces.every((nail) => distance(v, nail) > 0.01));
    expect(far.length).toBeGreaterThan(600);
    expect(far.filter((v) => changed[v])).toEqual([]);
  });

  it('is the same for the same seed, and leaves places far from the hand alone', () => {
    const skin = { ...NONE, creases: 1, nails: 1, veins: 1 };
    expect(shade(2, skin, hand.vTemplate)).toEqual(shade(2, skin, hand.vTemplate));
    expect(shade(2, skin, hand.vTemplate)).not.toEqual(shade(3, skin, hand.vTemplate));
    expect([...shade(2, { ...skin, creases: 0 }, [10, 10, 10])]).toEqual([1, 1, 1]);
  });
});

describe('veinLines', () => {
  it('has thin lines on the back of the hand from the knuckles to the wrist, as deep as told at most', () => {
    const most: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const depth = veinLines(createRng(seed), 0.5);
      const back: number[] = [];
      let elsewhere = 0;
      for (let x = -0.1; x < 0.12; x += 0.002) {
        for (let z = -0.05; z < 0.05; z += 0.0005) {
          elsewhere += depth(x, -0.01, z); // the palm
          const here = depth(x, 0.02, z);
          if (x < 0.006 || x > 0.094) elsewhere += here;
          else back.push(here);
        }
      }
      expect(elsewhere).toBe(0);
      most.push(back.reduce((a, b) => Math.max(a, b), 0));
      const covered = back.filter((value) => value > 0).length / back.length;
      expect(covered).toBeGreaterThan(0.02);
      expect(covered).toBeLessThan(0.35);
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(0.5);
    expect(Math.max(...most)).toBeGreaterThan(0.4);
  });
});

import { linearToSrgb } from '@opposable/drawing';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { keypointVisibility } from '../keypoint-visibility.js';
import { photoBackground } from './photo-background.js';
import { proceduralBackground } from './procedural-background.js';
import { sampleFrontLights, sampleLights } from './sample-lights.js';
import { skinColors } from './skin-colors.js';
import { labToLinearSrgb, sampleSkinTone } from './skin-tone.js';

const rng = createRng(1);
const tones = Array.from({ length: 2000 }, (_, i) => sampleSkinTone(rng.split(i)));

describe('skin', () => {
  it('converts CIELAB to sRGB as published for the primaries', () => {
    // D65 coordinates of sRGB red, green, blue, white and middle grey
    const table = [
      [53.2408, 80.0925, 67.2032, 255, 0, 0],
      [87.7347, -86.1827, 83.1793, 0, 255, 0],
      [32.297, 79.1875, -107.8602, 0, 0, 255],
      [100, 0, 0, 255, 255, 255],
      [53.585, 0, 0, 128, 128, 128],
    ] as const;
    for (const [lightness, a, b, ...rgb] of table) {
      const bytes = labToLinearSrgb(lightness, a, b).map((value) => Math.round(255 * linearToSrgb(value)));
      bytes.forEach((byte, c) => expect(Math.abs(byte - rgb[c]!)).toBeLessThanOrEqual(1));
    }
  });

  it('has all six classes of the typology angle, with lightness that fits the angle', () => {
    const limits = [-90, -30, 10, 28, 41, 55, 90];
    const classes = limits.slice(1).map((limit, i) => {
      const inside = tones.filter(({ typologyAngle }) => typologyAngle > limits[i]! && typologyAngle <= limit);
      return inside.length / tones.length;
    });
    expect(Math.min(...classes)).toBeGreaterThan(0.02);
    for (const { typologyAngle, lightness, b } of tones) {
      if (lightness === 30 || lightness === 76) continue; // at the ends of the measured range
      expect((Math.atan2(lightness - 50, b) * 180) / Math.PI).toBeCloseTo(typologyAngle, 6);
    }
  });

  it('is redder than green and greener than blue, from dark to light', () => {
    const lightness = tones.map(({ lightness: l, a, b }) => {
      const [red, green, blue] = labToLinearSrgb(l, a, b);
      expect(red).toBeGreaterThan(green);
      expect(green).toBeGreaterThan(blue);
      return l;
    });
    expect(Math.min(...lightness)).toBeLessThan(33);
    expect(Math.max(...lightness)).toBeGreaterThan(72);
  });

  it('gives every vertex a colour near the tone, and keeps the regions of the hand apart', () => {
    const model = loadOpenHand('right');
    const tone = { typologyAngle: 45, lightness: 65, a: 10, b: 15 };
    const colors = skinColors(createRng(2), model, tone);
    const base = labToLinearSrgb(65, 10, 15);
    expect(colors.length).toBe(model.vertexCount * 3);
    const red = [...colors.filter((_, i) => i % 3 === 0)].sort((a, b) => a - b);
    expect(Math.abs(red[red.length >> 1]! / base[0] - 1)).toBeLessThan(0.15);
    expect(red.at(-1)! / red[0]!).toBeGreaterThan(1.3);
    expect(skinColors(createRng(3), model, tone)).not.toEqual(colors);
    const plain = skinColors(createRng(2), { ...model, vertexColors: undefined }, tone);
    expect(Math.max(...plain.map((value, i) => Math.abs(value / base[i % 3]! - 1)))).toBeLessThan(0.5);
  });
});

describe('sampleLights', () => {
  it('has one to three lamps of unit direction, the first from the side of the viewer', () => {
    for (let i = 0; i < 200; i++) {
      const { lights, ambient } = sampleLights(rng.split(`light ${i}`));
      expect(lights.length).toBeGreaterThanOrEqual(1);
      expect(lights.length).toBeLessThanOrEqual(3);
      lights.forEach((light, k) => {
        if (light.kind !== 'directional') throw new Error('not directional');
        expect(Math.hypot(...light.direction)).toBeCloseTo(1, 9);
        if (k === 0) expect(light.direction[2]).toBeGreaterThan(0.1);
      });
      expect(Math.min(...ambient)).toBeGreaterThan(0.1);
    }
  });
});

describe('sampleFrontLights', () => {
  it('gives one lamp within 25° of the view, and little light from all sides', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { lights, ambient } = sampleFrontLights(createRng(seed));
      expect(lights).toHaveLength(1);
      const [lamp] = lights;
      if (lamp?.kind !== 'directional') throw new Error('expected a directional lamp');
      expect(Math.hypot(...lamp.direction)).toBeCloseTo(1, 9);
      expect(lamp.direction[2]).toBeGreaterThanOrEqual(Math.cos((25.1 * Math.PI) / 180));
      expect(Math.max(...ambient)).toBeLessThan(0.2);
    }
  });
});

describe('backgrounds', () => {
  it('are deterministic and differ from seed to seed in colour and texture', () => {
    const [a, b] = [1, 2].map((seed) => proceduralBackground(createRng(seed), 48, 40));
    expect(proceduralBackground(createRng(1), 48, 40)).toEqual(a);
    expect([a!.width, a!.height, a!.data.length]).toEqual([48, 40, 48 * 40 * 3]);
    expect(a).not.toEqual(b);
    const means = Array.from({ length: 60 }, (_, seed) => {
      const { data } = proceduralBackground(createRng(seed), 24, 24);
      return data.reduce((sum, value) => sum + value / data.length, 0);
    });
    expect(Math.min(...means)).toBeLessThan(80);
    expect(Math.max(...means)).toBeGreaterThan(170);
  });

  it('of the plain kind have no edges: neighbouring pixels differ little', () => {
    const steepest = (kind: 'plain' | 'varied'): number[] =>
      Array.from({ length: 40 }, (_, seed) => {
        const { data } = proceduralBackground(createRng(seed), 128, 128, kind);
        let most = 0;
        for (let i = 3; i < data.length; i++) {
          if (i % (128 * 3) >= 3) most = Math.max(most, Math.abs(data[i]! - data[i - 3]!));
        }
        return most;
      });
    expect(Math.max(...steepest('plain'))).toBeLessThan(32);
    expect(steepest('varied').filter((step) => step > 50).length).toBeGreaterThan(5);
  });

  it('are cut from the images that are passed, mirrored or not', () => {
    // columns of 0, 5, 10 …: a crop rises from left to right, a mirrored one falls
    const ramp = {
      width: 50,
      height: 30,
      data: Uint8Array.from({ length: 4500 }, (_, i) => 5 * (Math.floor(i / 3) % 50)),
    };
    const slopes = Array.from({ length: 20 }, (_, seed) => {
      const { data } = photoBackground(createRng(seed), [ramp], { width: 16, height: 16, crop: [0.5, 1] });
      return Math.sign(data[45]! - data[0]!);
    });
    expect(new Set(slopes)).toEqual(new Set([-1, 1]));
  });
});

describe('keypointVisibility', () => {
  it('looks at how much lies in front of a keypoint', () => {
    // a surface at z = 1 m; vertices 8 mm around each keypoint: up to 1.5 · 8 + 12 = 24 mm of cover is its own flesh
    const depths = [1.008, 1.023, 1.025, 0.9];
    const keypoints3d = depths.flatMap((z, k) => [k, 0, z]);
    const vertices = depths.flatMap((z, k) => [k + 0.008, 0, z]);
    const keypoints = [0, 0, 1, 0, 2, 0, 3, 0];
    const surface = { width: 4, height: 1, data: [1, 1, 1, 1] };
    expect([...keypointVisibility(keypoints3d, keypoints, vertices, surface)]).toEqual([2, 2, 1, 2]);
    const nothing = { width: 4, height: 1, data: [Infinity, Infinity, Infinity, Infinity] };
    expect([...keypointVisibility(keypoints3d, keypoints, vertices, nothing)]).toEqual([2, 2, 2, 2]);
  });
});

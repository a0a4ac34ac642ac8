import { renderMesh } from '@opposable/drawing';
import { decodeHandParameters, type ManoModel } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, createRng } from '@opposable/tensor-checks';
import { HEAD_LIGHT } from './appearance/sample-lights.js';
import { imageFromParameterFrame, parameterFrameFromImage } from './frames.js';
import { SYNTHETIC_DEPTH, synthesizeHand, type SyntheticHand } from './synthesize-hand.js';
import { streamSyntheticHands } from './stream-synthetic-hands.js';

const right = loadOpenHand('right');

/** 200 hands: both presets, several sizes, both sides. */
function hands(): { hand: SyntheticHand; model: ManoModel; size: number }[] {
  const sizes = [64, 96, 128, 96, 256];
  return Array.from({ length: 200 }, (_, i) => {
    const size = sizes[i % 5]!;
    const model = i % 8 === 7 ? loadOpenHand('left') : right;
    const preset = i % 4 === 0 ? 'seed' : 'demo';
    return { hand: synthesizeHand(createRng(i), model, { preset, size, antialias: 1 }), model, size };
  });
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
};

describe('the ground truth of synthesizeHand', () => {
  const all = hands();

  it('has 22 numbers that reproduce the 2D of every vertex and keypoint in pixels of the image', () => {
    for (const { hand, model, size } of all) {
      const decoded = decodeHandParameters(model, hand.handParameters!);
      // borders coincide: column −0.5 of the frame is column −0.5 of the image
      const toImage = (value: number) => (value + 0.5) * (size / 256) - 0.5;
      expect(largestDifference(decoded.vertices2d.map(toImage), hand.vertices2d)).toBeLessThan(1e-9);
      expect(largestDifference(decoded.keypoints2d.map(toImage), hand.keypoints)).toBeLessThan(1e-9);
    }
  });

  it('keeps every vertex between the outermost pixel centres, in a box that fits it', () => {
    for (const { hand, size } of all) {
      for (const axis of [0, 1]) {
        const values = hand.vertices2d.filter((_, i) => i % 2 === axis);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        expect(low).toBeGreaterThanOrEqual(-1e-9);
        expect(high).toBeLessThanOrEqual(size - 1 + 1e-9);
        expect(hand.bbox[axis]).toBeCloseTo(low, 9);
        expect(hand.bbox[axis + 2]).toBeCloseTo(high - low, 9);
      }
      const ratio = size / Math.max(hand.bbox[2], hand.bbox[3]);
      expect(ratio).toBeGreaterThanOrEqual(2 - 1e-9);
      expect(ratio).toBeLessThanOrEqual(2.4 + 1e-9);
    }
  });

  it('has 3D points that its perspective camera projects to the same pixels', () => {
    for (const { hand, size } of all) {
      const [fx, , cx, , fy, cy] = hand.camera as unknown as number[];
      const projected = (points: Float64Array) =>
        Float64Array.from({ length: (points.length / 3) * 2 }, (_, i) => {
          const [x, y, z] = points.subarray((i >> 1) * 3, (i >> 1) * 3 + 3) as unknown as number[];
          return i % 2 === 0 ? (fx! * x!) / z! + cx! : (fy! * y!) / z! + cy!;
        });
      expect(largestDifference(projected(hand.keypoints3d), hand.keypoints)).toBeLessThan(size / 32_000);
      const worst = largestDifference(projected(hand.vertices3d), hand.vertices2d);
      expect(worst).toBeLessThan(size / 32_000);
      const depths = hand.keypoints3d.filter((_, i) => i % 3 === 2);
      expect(depths.reduce((sum, z) => sum + z / 21, 0)).toBeCloseTo(SYNTHETIC_DEPTH * 1000, 6);
      expect(fx! / SYNTHETIC_DEPTH / (size / 256)).toBeCloseTo(hand.handParameters![0]!, 9);
    }
  });

  it('has 3D points in true size: the decoded hand in millimetres, shifted', () => {
    for (const { hand, model } of all.slice(0, 40)) {
      const decoded = decodeHandParameters(model, hand.handParameters!);
      for (const [points, metres] of [
        [hand.keypoints3d, decoded.keypoints3d],
        [hand.vertices3d, decoded.vertices3d],
      ] as const) {
        const shifts = points.map((value, i) => value - 1000 * metres[i]!);
        const uneven = shifts.map((shift, i) => Math.abs(shift - shifts[i % 3]!));
        expect(Math.max(...uneven)).toBeLessThan(1e-7);
      }
    }
  });

  it('has a mask of the pixels that the projected triangles cover to at least a half', () => {
    for (let seed = 0; seed < 4; seed++) {
      const size = 64;
      const { vertices2d, mask } = synthesizeHand(createRng(seed), right, { size });
      const covered = new Uint8Array(4 * size * size);
      const { faces } = right;
      for (let f = 0; f < faces.length; f += 3) {
        const [a, b, c] = [0, 1, 2].map((k) => [vertices2d[faces[f + k]! * 2]!, vertices2d[faces[f + k]! * 2 + 1]!]);
        const side = (p: number[], q: number[], x: number, y: number) =>
          (q[0]! - p[0]!) * (y - p[1]!) - (q[1]! - p[1]!) * (x - p[0]!);
        const [left, up] = [0, 1].map((axis) => Math.floor(Math.min(a![axis]!, b![axis]!, c![axis]!)));
        const [to, down] = [0, 1].map((axis) => Math.ceil(Math.max(a![axis]!, b![axis]!, c![axis]!)));
        for (let row = 2 * up!; row <= 2 * down! + 1; row++) {
          for (let column = 2 * left!; column <= 2 * to! + 1; column++) {
            const [x, y] = [(column + 0.5) / 2 - 0.5, (row + 0.5) / 2 - 0.5];
            const signs = [side(a!, b!, x, y), side(b!, c!, x, y), side(c!, a!, x, y)];
            if (signs.every((sign) => sign >= 0) || signs.every((sign) => sign <= 0))
              covered[row * 2 * size + column] = 1;
          }
        }
      }
      let different = 0;
      mask.data.forEach((value, pixel) => {
        const [x, y] = [pixel % size, Math.floor(pixel / size)];
        const samples = [0, 1, 2 * size, 2 * size + 1].map((offset) => covered[4 * size * y + 2 * x + offset]!);
        if ((value === 255) !== samples.reduce((sum, sample) => sum + sample, 0) >= 2) different++;
      });
      // corners are snapped to 1/1024 of a sample, so a sample next to an edge may fall to its other side
      expect(different).toBeLessThanOrEqual(1);
      expect(mask.data.filter((value) => value === 255).length).toBeGreaterThan(100);
      expect(mask.data.every((value) => value === 0 || value === 255)).toBe(true);
    }
  });

  it('has every keypoint on the hand, or within two pixels of it', () => {
    for (const { hand, size } of all.slice(0, 60)) {
      for (let k = 0; k < 21; k++) {
        const [u, v] = [hand.keypoints[2 * k]!, hand.keypoints[2 * k + 1]!];
        let near = false;
        for (let y = Math.max(0, Math.ceil(v - 2)); y <= Math.min(size - 1, v + 2); y++) {
          for (let x = Math.max(0, Math.ceil(u - 2)); x <= Math.min(size - 1, u + 2); x++) {
            near ||= hand.mask.data[y * size + x] === 255;
          }
        }
        expect(near).toBe(true);
      }
    }
  });

  it('calls visible what shows and hidden what the hand covers', () => {
    const shares = all.map(({ hand }) => hand.visibility.filter((value) => value === 2).length / 21);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.5);
    expect(mean).toBeLessThan(0.95);
    expect(all.every(({ hand }) => hand.visibility.every((value) => value === 1 || value === 2))).toBe(true);
  });
});

describe('synthesizeHand', () => {
  it('gives the same bytes for the same seed, also with reused buffers, and others for another', () => {
    const [a, b] = [1, 1].map((seed) => synthesizeHand(createRng(seed), right, { size: 64 }));
    expect(b).toEqual(a);
    const stream = [...streamSyntheticHands({ model: right, seed: 1, count: 2, size: 64 })];
    expect(stream[0]!.image).not.toEqual(stream[1]!.image);
  });

  it('draws from the ranges of the seed preset, with every orientation', () => {
    const drawn = [
      ...streamSyntheticHands({ model: right, seed: 3, count: 120, preset: 'seed', size: 32, antialias: 1 }),
    ];
    const block = (start: number, end: number) =>
      drawn.flatMap(({ handParameters }) => [...handParameters!.slice(start, end)]);
    const pose = block(6, 12);
    expect(Math.max(...pose.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(Math.max(...pose)).toBeGreaterThan(1.9);
    expect(Math.min(...pose)).toBeLessThan(-1.9);
    const betas = block(12, 22);
    expect(Math.max(...betas.map(Math.abs))).toBeLessThanOrEqual(0.03);
    expect(Math.max(...betas)).toBeGreaterThan(0.028);
    const angles = drawn.map(({ handParameters: p }) => Math.hypot(p![3]!, p![4]!, p![5]!));
    expect(Math.max(...angles)).toBeLessThanOrEqual(Math.PI);
    expect(Math.max(...angles)).toBeGreaterThan(2.9);
    // uniform angle: the mean of its size is π/2, its standard error π/√(12·120) = 0.083
    expect(Math.abs(angles.reduce((sum, angle) => sum + angle / 120, 0) - Math.PI / 2)).toBeLessThan(0.3);
    for (const axis of [3, 4, 5]) {
      const component = drawn.map(({ handParameters: p }) => p![axis]!);
      expect(Math.max(...component)).toBeGreaterThan(1.5);
      expect(Math.min(...component)).toBeLessThan(-1.5);
    }
  });

  it('draws rotations in a box and shapes in standard deviations for the demo', () => {
    const drawn = [...streamSyntheticHands({ model: right, seed: 4, count: 150, size: 32, antialias: 1 })];
    for (const axis of [3, 4, 5]) {
      const component = drawn.map(({ handParameters: p }) => p![axis]!);
      expect(Math.max(...component.map(Math.abs))).toBeLessThanOrEqual(Math.PI / 3);
      expect(Math.max(...component)).toBeGreaterThan(0.9);
      expect(Math.min(...component)).toBeLessThan(-0.9);
    }
    const betas = drawn.flatMap(({ handParameters }) => [...handParameters!.slice(12)]);
    expect(Math.max(...betas.map(Math.abs))).toBeLessThanOrEqual(2);
    const variance = betas.reduce((sum, beta) => sum + beta * beta, 0) / betas.length;
    // normal, cut at 2: variance 1 − 4·φ(2)/(2Φ(2) − 1) = 0.7737; its standard error is about 0.022
    expect(Math.abs(variance - 0.7737)).toBeLessThan(0.09);
  });

  it('leaves the background alone beside the hand and covers it on the hand', () => {
    const backgrounds = [{ width: 50, height: 40, data: new Uint8Array(50 * 40 * 3).fill(201) }];
    const { image, mask } = synthesizeHand(createRng(5), right, { size: 64, backgrounds, noise: [0, 0], antialias: 1 });
    let changed = 0;
    for (let pixel = 0; pixel < 64 * 64; pixel++) {
      const isBackground = [0, 1, 2].every((c) => image.data[pixel * 3 + c] === 201);
      if (mask.data[pixel] === 0) expect(isBackground).toBe(true);
      else if (!isBackground) changed++;
    }
    expect(changed).toBeGreaterThan(0.99 * mask.data.filter((value) => value === 255).length);
  });

  it('renders what the camera and the 3D points say', () => {
    // the stored perspective camera, the lamp at the viewer and the 3D mesh give the same silhouette
    const { vertices3d, camera, mask } = synthesizeHand(createRng(6), right, {
      size: 96,
      preset: 'seed',
      antialias: 1,
    });
    const again = renderMesh(
      { vertices: vertices3d, faces: right.faces },
      { kind: 'perspective', intrinsics: camera },
      { width: 96, height: 96, ...HEAD_LIGHT },
    );
    const different = again.mask.data.filter((value, i) => value !== mask.data[i]).length;
    expect(different).toBeLessThanOrEqual(12);
    expect(mask.data.filter((value) => value === 255).length).toBeGreaterThan(500);
  });

  it('gives the keypoints in the order that is asked for, under its canonical name', () => {
    const panoptic = synthesizeHand(createRng(8), right, { size: 32 });
    expect(panoptic.keypointOrder).toBe('panoptic');
    const mano = synthesizeHand(createRng(8), right, { size: 32, keypointOrder: '3dhand' });
    expect(mano.keypointOrder).toBe('mano');
    expect(mano.image).toEqual(panoptic.image);
    // index finger: 5 … 8 in panoptic, 1 … 4 in mano
    expect([...mano.keypoints.slice(2, 10)]).toEqual([...panoptic.keypoints.slice(10, 18)]);
    expect([...mano.visibility.slice(1, 5)]).toEqual([...panoptic.visibility.slice(5, 9)]);
    const stereo = synthesizeHand(createRng(8), right, { size: 32, keypointOrder: 'stb' });
    expect(stereo.keypointOrder).toBe('stereo');
    expect([...stereo.keypoints.slice(0, 2)]).not.toEqual([...panoptic.keypoints.slice(0, 2)]);
  });

  it('converts between the frames exactly', () => {
    expect(imageFromParameterFrame(-0.5, 96)).toBe(-0.5);
    expect(imageFromParameterFrame(255.5, 96)).toBe(95.5);
    expect(parameterFrameFromImage(imageFromParameterFrame(17.25, 320), 320)).toBeCloseTo(17.25, 12);
  });

  it('refuses settings that make no sense', () => {
    const make = (options: object) => () => synthesizeHand(createRng(1), right, options);
    expect(make({ size: 31 })).toThrow('synthesizeHand: expected size as an integer in 32 … 1024, got 31.');
    expect(make({ preset: 'paper' })).toThrow(
      'synthesizeHand: expected preset as one of seed, demo, realistic, got paper.',
    );
    expect(make({ rotation: { mode: 'box', maxDegrees: 200 } })).toThrow('expected rotation.maxDegrees in 0 … 180');
    expect(make({ sideOverHand: [0.5, 2] })).toThrow(
      'expected sideOverHand as [minimum, maximum] from 1.1, got [0.5, 2].',
    );
    expect(make({ noise: [3, 1] })).toThrow(ConfigError);
    expect(make({ betas: { distribution: 'normal', deviation: 1, clip: 0 } })).toThrow(ConfigError);
    expect(make({ poseRange: NaN })).toThrow(ConfigError);
    expect(make({ lighting: 'moon' })).toThrow('expected lighting as head, front, random or room, got moon');
    expect(make({ antialias: 9 })).toThrow('expected antialias as an integer in 1 … 4');
    expect(make({ backgrounds: [] })).toThrow('expected backgrounds with at least one image');
  });
});

describe('streamSyntheticHands', () => {
  const base = { model: right, seed: 9, size: 32, antialias: 1 } as const;

  it('makes the same sample wherever the stream is cut', () => {
    const whole = [...streamSyntheticHands({ ...base, count: 6 })];
    expect(whole.map(({ id }) => id).slice(0, 2)).toEqual(['train-00000000', 'train-00000001']);
    expect([...streamSyntheticHands({ ...base, start: 4, count: 2 })]).toEqual(whole.slice(4));
    const odd = [...streamSyntheticHands({ ...base, start: 1, step: 2, count: 3 })];
    expect(odd).toEqual([whole[1], whole[3], whole[5]]);
  });

  it('has other hands in every split and seed', () => {
    const first = (options: object) =>
      streamSyntheticHands({ ...base, count: 1, ...options }).next().value as SyntheticHand;
    const parameters = [{}, { split: 'test' }, { seed: 10 }, { start: 1 }].map((o) =>
      [...first(o).handParameters!].join(),
    );
    expect(new Set(parameters).size).toBe(4);
  });

  it('can go on without end', () => {
    let count = 0;
    for (const hand of streamSyntheticHands({ ...base, count: Infinity })) {
      expect(hand.source.index).toBe(count);
      if (++count === 3) break;
    }
    expect(() => streamSyntheticHands({ ...base, count: -1 }).next()).toThrow(
      'streamSyntheticHands: expected start and count as integers from 0',
    );
  });
});

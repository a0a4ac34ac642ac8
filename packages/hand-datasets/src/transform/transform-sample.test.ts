import { createRng, DatasetError } from '@opposable/tensor-checks';
import { permutation } from '@opposable/keypoint-order';
import { syntheticSample } from '../test-support/synthetic-sample.js';
import { largestDifference } from '../test-support/tolerance.js';
import type { HandAnnotation, HandSample } from '../types.js';
import { applyCrop, resizeSample } from './apply-crop.js';
import { mirrorSample } from './mirror-sample.js';
import { prepareSample } from './prepare-sample.js';
import { reorderSample } from './reorder-sample.js';
import { squareCrop } from './square-crop.js';

const rng = createRng('transform');
const sample = syntheticSample(rng.split('sample'));
const square: HandSample = {
  ...syntheticSample(rng.split('square'), { width: 128, height: 128 }),
  handParameters: Float64Array.from({ length: 22 }, (_, i) => (i === 0 ? 500 : i < 3 ? 100 + 10 * i : 0.1 * i)),
};
const CROPS = [
  { x: 20, y: 10, width: 90, height: 90 },
  { x: 13.25, y: -7.5, width: 71.5, height: 71.5 },
  { x: -10, y: 30, width: 140, height: 60 },
];

/** Every number of an annotation that has pixels in it, or changes its sign. */
function numbersOf(annotation: HandAnnotation): number[] {
  const { keypoints, keypoints3d, camera, bbox, crop, handParameters, mano } = annotation;
  return [
    keypoints,
    keypoints3d!,
    camera!,
    bbox,
    crop ?? [1, 0, 0, 0, 1, 0],
    handParameters ?? [],
    mano!.pose,
    mano!.transl!,
  ].flatMap((list) => [...list]);
}

/** 2D of the 3D points by the annotation's own camera. */
function project({ keypoints3d, camera }: HandAnnotation): number[] {
  return Array.from({ length: 21 }, (_, i) => {
    const [x, y, z] = [keypoints3d![3 * i]!, keypoints3d![3 * i + 1]!, keypoints3d![3 * i + 2]!];
    return [
      (camera![0]! * x + camera![1]! * y) / z + camera![2]!,
      (camera![3]! * x + camera![4]! * y) / z + camera![5]!,
    ];
  }).flat();
}

/** Centre of brightness of the dot around a keypoint, without what the other dots add. */
function dotAt({ image, keypoints }: HandSample, i: number, radius: number): [number, number] | undefined {
  const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
  for (let k = 0; k < 21; k++) {
    if (k !== i && Math.hypot(keypoints[2 * k]! - u, keypoints[2 * k + 1]! - v) < 2 * radius + 1) return undefined;
  }
  const margin = radius + 2;
  if (u < margin || v < margin || u > image.width - margin || v > image.height - margin) return undefined;
  let [sum, x, y] = [0, 0, 0];
  for (let row = Math.floor(v - radius); row <= v + radius + 1; row++) {
    for (let column = Math.floor(u - radius); column <= u + radius + 1; column++) {
      const value = image.data[(row * image.width + column) * 3]!;
      sum += value;
      x += value * column;
      y += value * row;
    }
  }
  return [x / sum, y / sum];
}

/** Keypoints alone in their surroundings, spread over the image, each with a bright dot of this radius. */
function dotted(width: number, height: number, sigma: number): HandSample {
  const keypoints = new Float64Array(42);
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  for (let i = 0; i < 21; i++) {
    keypoints[2 * i] = ((i % 7) + 0.5) * (width / 7) + rng.uniform(-2, 2);
    keypoints[2 * i + 1] = (Math.floor(i / 7) + 0.5) * (height / 3) + rng.uniform(-2, 2);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const distance = (column - keypoints[2 * i]!) ** 2 + (row - keypoints[2 * i + 1]!) ** 2;
        const value = Math.round(255 * Math.exp(-distance / (2 * sigma * sigma)));
        const at = (row * width + column) * 3;
        if (value > image.data[at]!) image.data.fill(value, at, at + 3);
      }
    }
  }
  return { ...sample, keypoints, image, mask: undefined };
}

describe('applyCrop', () => {
  it.each(CROPS)('and the inverse window give every annotation back (%o)', (crop) => {
    const cropped = applyCrop(sample, crop, 64);
    const [rx, ry] = [64 / crop.width, 64 / crop.height];
    const inverse = { x: -crop.x * rx, y: -crop.y * ry, width: 160 * rx, height: 120 * ry };
    const back = applyCrop(cropped, inverse, { width: 160, height: 120 });
    expect(largestDifference(numbersOf(back), numbersOf(sample))).toBeLessThan(1e-9);
    expect([...back.visibility]).toEqual([...sample.visibility]);
    expect(back.side).toBe('right');
  });

  it('and the inverse window give the 22 numbers back, whatever the sizes of the images', () => {
    const cropped = applyCrop(square, CROPS[1]!, 96);
    const r = 96 / CROPS[1]!.width;
    const back = applyCrop(cropped, { x: -CROPS[1]!.x * r, y: 7.5 * r, width: 128 * r, height: 128 * r }, 128);
    expect(largestDifference(back.handParameters!, square.handParameters!)).toBeLessThan(1e-9);
  });

  it.each(CROPS)('keeps the projection of 3D on 2D (%o)', (crop) => {
    const cropped = applyCrop(sample, crop, { width: 80, height: 50 });
    expect(largestDifference(project(cropped), cropped.keypoints)).toBeLessThan(1e-9);
  });

  it('moves the projection by the 22 numbers like the keypoints', () => {
    const project256 = ({ handParameters, image }: HandSample, x: number, y: number): number[] => {
      const [s, tu, tv] = handParameters as unknown as [number, number, number];
      return [tu + s * x, tv + s * y].map((u) => ((u + 0.5) * image.width) / 256 - 0.5);
    };
    const crop = { x: 11, y: 5, width: 77, height: 77 };
    const cropped = applyCrop(square, crop, 200);
    const [u, v] = project256(square, 0.05, -0.02);
    const moved = [(u! - 11 + 0.5) * (200 / 77) - 0.5, (v! - 5 + 0.5) * (200 / 77) - 0.5];
    expect(largestDifference(project256(cropped, 0.05, -0.02), moved)).toBeLessThan(1e-9);
  });

  it('drops the 22 numbers where they cannot move exactly', () => {
    expect(applyCrop(square, CROPS[2]!, 64).handParameters).toBeUndefined();
    expect(
      applyCrop({ ...sample, handParameters: square.handParameters }, CROPS[0]!, 64).handParameters,
    ).toBeUndefined();
  });

  it('maps the original pixels by its crop matrix', () => {
    const twice = applyCrop(mirrorSample(applyCrop(sample, CROPS[0]!, 64)), CROPS[1]!, 50);
    const [a, b, c, d, e, f] = twice.crop as unknown as number[];
    for (let i = 0; i < 21; i++) {
      const [u, v] = [sample.keypoints[2 * i]!, sample.keypoints[2 * i + 1]!];
      expect(a! * u + b! * v + c!).toBeCloseTo(twice.keypoints[2 * i]!, 9);
      expect(d! * u + e! * v + f!).toBeCloseTo(twice.keypoints[2 * i + 1]!, 9);
    }
  });

  it.each([
    ['enlarged', 140, 100, 2, 320, 0.1],
    ['enlarged by a crooked factor', 140, 100, 2, 233, 0.1],
    ['shrunk', 420, 300, 5, 256, 0.1],
    ['shrunk to less than half', 420, 300, 6, 128, 0.1],
    ['mirrored and enlarged', 140, 100, 2, 320, 0.1],
  ])('keeps the dots of an image at its keypoints to 0.1 px: %s', (name, width, height, sigma, size, tolerance) => {
    const original = dotted(width, height, sigma);
    const source = name.startsWith('mirrored') ? mirrorSample(original) : original;
    const crop = { x: 0, y: 0, width: height * 0.97, height: height * 0.97 };
    const cropped = applyCrop(source, crop, size);
    const radius = Math.ceil(3.2 * sigma * Math.max(size / crop.width, 0.5));
    let tested = 0;
    for (let i = 0; i < 21; i++) {
      const dot = dotAt(cropped, i, radius);
      if (dot === undefined) continue;
      tested++;
      expect(Math.abs(dot[0] - cropped.keypoints[2 * i]!)).toBeLessThan(tolerance);
      expect(Math.abs(dot[1] - cropped.keypoints[2 * i + 1]!)).toBeLessThan(tolerance);
    }
    expect(tested).toBeGreaterThanOrEqual(5);
  });

  it('moves the mask with the image', () => {
    const cropped = applyCrop(sample, CROPS[0]!, 180);
    for (let i = 0; i < 21; i++) {
      const [u, v] = [Math.round(cropped.keypoints[2 * i]!), Math.round(cropped.keypoints[2 * i + 1]!)];
      if (u < 0 || v < 0 || u >= 180 || v >= 180) continue;
      expect(cropped.mask!.data[v * 180 + u]).toBe(255);
    }
  });

  it('refuses windows and outputs without size, and inconsistent samples', () => {
    expect(() => applyCrop(sample, { x: 0, y: 0, width: 0, height: 5 }, 64)).toThrow(/positive size, got 0 × 5/);
    expect(() => applyCrop(sample, CROPS[0]!, 0.5)).toThrow(DatasetError);
    const nan = { ...sample, keypoints: sample.keypoints.map(() => NaN) };
    expect(() => applyCrop(nan, CROPS[0]!, 64)).toThrow(/finite numbers in keypoints of sample 'synthetic', got NaN/);
    const short = { ...sample, image: { ...sample.image, data: new Uint8Array(7) } };
    expect(() => applyCrop(short, CROPS[0]!, 64)).toThrow(/got 7 bytes for 160 × 120/);
    const mask = { ...sample, mask: { width: 2, height: 2, data: new Uint8Array(4) } };
    expect(() => applyCrop(mask, CROPS[0]!, 64)).toThrow(/the mask of sample 'synthetic' to be 160 × 120/);
  });
});

describe('resizeSample', () => {
  it('maps u to (u + 0.5)·r − 0.5', () => {
    const half = resizeSample(sample, { width: 80, height: 60 });
    expect(half.keypoints[8]).toBeCloseTo((sample.keypoints[8]! + 0.5) / 2 - 0.5, 12);
    expect(half.bbox[2]).toBeCloseTo(sample.bbox[2] / 2, 12);
  });
});

describe('mirrorSample', () => {
  const mirrored = mirrorSample(sample);

  it('maps u to W − 1 − u, cx to W − 1 − cx and X to −X, and flips the side', () => {
    expect(mirrored.keypoints[6]).toBe(159 - sample.keypoints[6]!);
    expect(mirrored.keypoints[7]).toBe(sample.keypoints[7]);
    expect(mirrored.camera![2]).toBe(159 - sample.camera![2]!);
    expect(mirrored.camera![0]).toBe(sample.camera![0]);
    expect(mirrored.keypoints3d![9]).toBe(-sample.keypoints3d![9]!);
    expect([mirrored.side, mirrored.isMirrored]).toEqual(['left', true]);
    expect(mirrored.bbox[0]).toBeCloseTo(159 - sample.bbox[0] - sample.bbox[2], 12);
  });

  it('keeps the projection of 3D on 2D, with a skewed camera too', () => {
    expect(largestDifference(project(mirrored), mirrored.keypoints)).toBeLessThan(1e-9);
  });

  it('turns the first pixel of a row into the last', () => {
    expect(mirrored.image.data[159 * 3]).toBe(sample.image.data[0]);
    const row = Math.round(sample.keypoints[25]!) * 160;
    for (let x = 0; x < 160; x++)
      expect(mirrored.image.data[(row + x) * 3]).toBe(sample.image.data[(row + 159 - x) * 3]);
  });

  it('mirrors axis-angle poses and drops pose coefficients and the 22 numbers', () => {
    const { pose } = mirrored.mano!;
    expect([pose[3], pose[4], pose[5]]).toEqual([sample.mano!.pose[3], -sample.mano!.pose[4]!, -sample.mano!.pose[5]!]);
    const pca = { ...square, mano: { ...square.mano!, pose: new Float64Array(9) } };
    expect([mirrorSample(pca).mano, mirrorSample(pca).handParameters]).toEqual([undefined, undefined]);
  });

  it('twice gives everything back', () => {
    const back = mirrorSample(mirrored);
    expect(largestDifference(numbersOf(back), numbersOf(sample))).toBeLessThan(1e-12);
    expect(Buffer.compare(back.image.data, sample.image.data)).toBe(0);
    expect([back.side, back.isMirrored]).toEqual(['right', false]);
  });
});

describe('reorderSample', () => {
  it('moves 2D, 3D, visibility and validity by the permutation of the orders', () => {
    const marked = {
      ...sample,
      visibility: Uint8Array.from({ length: 21 }, (_, i) => i % 3),
      keypoints3dValid: Uint8Array.from({ length: 21 }, (_, i) => i % 2),
    };
    const mano = reorderSample(marked, '3dhand');
    expect(mano.keypointOrder).toBe('mano');
    permutation('panoptic', 'mano').forEach((from, to) => {
      expect(mano.keypoints[2 * to + 1]).toBe(marked.keypoints[2 * from + 1]);
      expect(mano.keypoints3d![3 * to + 2]).toBe(marked.keypoints3d![3 * from + 2]);
      expect(mano.visibility[to]).toBe(marked.visibility[from]);
      expect(mano.keypoints3dValid[to]).toBe(marked.keypoints3dValid[from]);
    });
    expect(numbersOf(reorderSample(mano, 'panoptic'))).toEqual(numbersOf(marked));
  });
});

describe('prepareSample', () => {
  it('is reorder, mirror, square crop and resize, one after the other', () => {
    const left = mirrorSample(sample);
    const prepared = prepareSample(left, { keypointOrder: 'mano', side: 'right', cropFactor: 1.5, size: 64 });
    const turned = mirrorSample(reorderSample(left, 'mano'));
    const crop = squareCrop(turned.keypoints, turned.visibility, turned.image, { factor: 1.5 });
    const expected = applyCrop(turned, crop, 64);
    expect(numbersOf(prepared)).toEqual(numbersOf(expected));
    expect(prepared.image).toEqual(expected.image);
    expect([prepared.side, prepared.keypointOrder, prepared.image.width]).toEqual(['right', 'mano', 64]);
  });

  it('leaves order and side alone unless asked', () => {
    const prepared = prepareSample(mirrorSample(sample));
    expect([prepared.side, prepared.keypointOrder, prepared.image.width]).toEqual(['left', 'panoptic', 320]);
  });
});

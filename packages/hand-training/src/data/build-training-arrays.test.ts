import type { HandSample } from '@opposable/hand-datasets';
import { DatasetError } from '@opposable/tensor-checks';
import { buildTrainingArrays } from './build-training-arrays.js';

/** Where the joint of each place of 'panoptic' (W T I M R L) stands in 'mano' (W I M L R T), written out by hand. */
// prettier-ignore
const MANO_PLACE = [
  0,
  17, 18, 19, 20, // thumb
  1, 2, 3, 4, // index
  5, 6, 7, 8, // middle
  13, 14, 15, 16, // ring
  9, 10, 11, 12, // little
];

/** 8 × 8 pixels, the left half red; joint j stands at (j, 2j) pixels and (j, 10 + j, 400 + j) mm; mano order. */
function sampleOf(changes: Partial<HandSample> = {}): HandSample {
  const data = new Uint8Array(8 * 8 * 3);
  const mask = new Uint8Array(64);
  for (let row = 0; row < 8; row++) {
    for (let column = 0; column < 4; column++) {
      data[(row * 8 + column) * 3] = 200;
      mask[row * 8 + column] = 255;
    }
  }
  return {
    id: 'a',
    source: { dataset: 'made-up', file: 'a.png', index: 0 },
    side: 'right',
    isMirrored: false,
    keypointOrder: 'mano',
    keypoints: Float64Array.from({ length: 42 }, (_, i) => (i % 2 === 0 ? i / 2 : i - 1)),
    visibility: Uint8Array.from({ length: 21 }, (_, j) => j % 3), // 0 not known, 1 hidden, 2 seen
    keypoints3d: Float64Array.from({ length: 63 }, (_, i) => [0, 10, 400][i % 3]! + Math.floor(i / 3)),
    keypoints3dValid: new Uint8Array(21).fill(1),
    camera: Float64Array.of(12, 0, 4, 0, 12, 4, 0, 0, 1),
    bbox: [0, 0, 8, 8],
    mano: undefined,
    handParameters: Float64Array.from({ length: 22 }, (_, i) => 0.5 + i),
    crop: undefined,
    subject: undefined,
    sequence: undefined,
    image: { width: 8, height: 8, data },
    mask: { width: 8, height: 8, data: mask },
    ...changes,
  };
}
const build = (samples: HandSample[], count = samples.length) =>
  buildTrainingArrays(samples, count, { imageSize: 4, maskSize: 4 });

describe('buildTrainingArrays', () => {
  it('brings the keypoints into panoptic order and into the 256 frame', async () => {
    const arrays = await build([sampleOf()]);
    for (let k = 0; k < 21; k++) {
      const j = MANO_PLACE[k]!;
      const known = j % 3 > 0;
      expect(arrays.visibility[k]).toBe(known ? 1 : 0);
      // one of 8 pixels is 32 of 256, and its centre the middle of those
      expect(arrays.keypoints[k * 2]).toBe(known ? 32 * j + 15.5 : 0);
      expect(arrays.keypoints[k * 2 + 1]).toBe(known ? 64 * j + 15.5 : 0);
      expect([...arrays.keypoints3d.subarray(k * 3, k * 3 + 3)]).toEqual([j, 10 + j, 400 + j]);
    }
    expect(arrays.focal[0]).toBe(12 * 32);
    expect([...arrays.handParameters]).toEqual(Array.from({ length: 22 }, (_, i) => 0.5 + i));
    expect([arrays.valid3d[0], arrays.handParametersValid[0], arrays.maskValid[0]]).toEqual([1, 1, 1]);
  });

  it('resizes images and masks to the sizes asked for', async () => {
    const arrays = await build([sampleOf()]);
    expect([...arrays.masks.subarray(0, 4)]).toEqual([255, 255, 0, 0]); // each pixel is the mean of four
    expect([...arrays.masks.subarray(12)]).toEqual([255, 255, 0, 0]);
    expect(arrays.images).toHaveLength(48);
    expect([arrays.images[0], arrays.images[1], arrays.images[9]]).toEqual([200, 0, 0]);
  });

  it('keeps the pixels of images that already fit', async () => {
    const { image, mask } = sampleOf();
    const arrays = await buildTrainingArrays([sampleOf()], 1, { imageSize: 8, maskSize: 8 });
    expect([...arrays.images]).toEqual([...image.data]);
    expect([...arrays.masks]).toEqual([...mask!.data]);
  });

  it('puts samples one after the other, and the annotations without the pixels', async () => {
    const arrays = await build([
      sampleOf(),
      sampleOf({ id: 'b', handParameters: undefined, mask: undefined }),
      sampleOf({ id: 'c', camera: undefined }),
      sampleOf({ id: 'd', keypoints3dValid: Uint8Array.from({ length: 21 }, (_, k) => (k === 4 ? 0 : 1)) }),
    ]);
    expect(arrays.count).toBe(4);
    expect([...arrays.handParametersValid]).toEqual([1, 0, 1, 1]);
    expect([...arrays.maskValid]).toEqual([1, 0, 1, 1]);
    expect([...arrays.valid3d]).toEqual([1, 1, 0, 0]);
    expect(arrays.keypoints[2 * 42 + 8 * 2]).toBe(32 * 4 + 15.5); // index fingertip of the third
    expect(arrays.annotations.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(arrays.annotations[0]).not.toHaveProperty('image');
    expect(arrays.annotations[0]).not.toHaveProperty('mask');
  });

  it('leaves the place of a keypoint that is not known empty, whatever stands there', async () => {
    const keypoints = sampleOf().keypoints.slice();
    keypoints[0] = NaN; // joint 0 is not known
    const arrays = await build([sampleOf({ keypoints })]);
    expect([...arrays.keypoints.subarray(0, 2)]).toEqual([0, 0]);
  });

  it('shares its memory, so that replicas need no copy', async () => {
    const arrays = await build([sampleOf()]);
    for (const array of [arrays.images, arrays.masks, arrays.keypoints, arrays.handParameters]) {
      expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  const nan = (length: number, at: number) => Float64Array.from({ length }, (_, i) => (i === at ? NaN : 1));
  // prettier-ignore
  it.each([
    ['a left hand', sampleOf({ side: 'left' }), 'expected right hands (mirror left ones first), got a left hand in sample a of a.png.'],
    ['an image that is not square', sampleOf({ image: { width: 4, height: 2, data: new Uint8Array(24) } }), 'expected square crops, got 4×2 in sample a of a.png.'],
    ['NaN in 2D', sampleOf({ keypoints: nan(42, 3) }), 'expected finite keypoints, got NaN for keypoint 1 of sample a of a.png.'],
    ['NaN in 3D', sampleOf({ keypoints3d: nan(63, 3) }), 'expected finite 3D keypoints, got NaN for keypoint 1 of sample a of a.png.'],
    ['NaN among the 22 numbers', sampleOf({ handParameters: nan(22, 7) }), 'expected finite hand parameters, got NaN at index 7 of sample a of a.png.'],
    ['a focal length that is not positive', sampleOf({ camera: new Float64Array(9) }), 'expected a positive focal length, got 0 in sample a of a.png.'],
  ])('refuses %s', async (_name, sample, message) => {
    const failing = build([sample]);
    await expect(failing).rejects.toThrow(DatasetError);
    await expect(failing).rejects.toThrow(`buildTrainingArrays: ${message}`);
  });

  it('says how far it is and stops when it is asked to', async () => {
    const how = { imageSize: 4, maskSize: 4 };
    const seen: [number, number][] = [];
    const three = [sampleOf(), sampleOf(), sampleOf()];
    await buildTrainingArrays(three, 3, { ...how, onProgress: ({ done, total }) => seen.push([done, total]) });
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const stop = new AbortController();
    let done = 0;
    const onProgress = () => {
      if (++done === 2) stop.abort(new Error('stopped'));
    };
    const stopped = buildTrainingArrays(three, 3, { ...how, signal: stop.signal, onProgress });
    await expect(stopped).rejects.toThrow('stopped');
    expect(done).toBe(2);
  });

  it('refuses another number of samples than announced', async () => {
    await expect(build([sampleOf()], 2)).rejects.toThrow('buildTrainingArrays: expected 2 samples, got 1.');
    await expect(build([sampleOf(), sampleOf()], 1)).rejects.toThrow(
      'buildTrainingArrays: expected 1 samples, got more.',
    );
  });
});

import { DatasetError } from '@opposable/tensor-checks';
import { squareCrop } from './square-crop.js';

const image = { width: 640, height: 480 };
const seen = (count: number): Uint8Array => new Uint8Array(count).fill(2);

describe('squareCrop', () => {
  it('is 2.2 times the longer side of the box, around its centre', () => {
    expect(squareCrop([100, 150, 200, 180], seen(2), image)).toEqual({ x: 40, y: 55, width: 220, height: 220 });
    expect(squareCrop([100, 150, 200, 180], seen(2), image, { factor: 1.5 })).toEqual({
      x: 75,
      y: 90,
      width: 150,
      height: 150,
    });
  });

  it('is shifted back inside at every border, its last pixel before the border', () => {
    expect(squareCrop([0, 0, 100, 100], seen(2), image)).toMatchObject({ x: 0, y: 0, width: 220 });
    expect(squareCrop([539, 379, 639, 479], seen(2), image)).toMatchObject({ x: 640 - 1 - 220, y: 480 - 1 - 220 });
  });

  it('is at most one pixel smaller than the shorter side of the image', () => {
    expect(squareCrop([100, 10, 200, 470], seen(2), image)).toEqual({ x: 0, y: 0, width: 479, height: 479 });
  });

  it('counts labelled keypoints only, hidden ones too', () => {
    const points = [9, 9, 300, 200, 310, 260, NaN, NaN];
    expect(squareCrop(points, [0, 1, 2, 0], image)).toEqual(squareCrop([300, 200, 310, 260], seen(2), image));
  });

  it.each([
    ['no labelled keypoint', [1, 2, 3, 4], [0, 0], {}, /expected keypoints that span a box, got no labelled keypoint/],
    ['a box of size 0', [5, 6, 5, 6], [2, 2], {}, /got a box of size 0 at \(5, 6\)/],
    [
      'a label that is not a number',
      [5, NaN, 9, 9],
      [2, 1],
      {},
      /expected finite keypoints, got \(5, NaN\) at index 0/,
    ],
    ['an infinite label', [5, 6, Infinity, 9], [2, 1], {}, /got \(Infinity, 9\) at index 1/],
    ['a box outside the image', [700, 10, 800, 90], [2, 2], {}, /touch the 640 × 480 image, got x 700 … 800/],
    ['a factor of 0', [5, 6, 7, 8], [2, 2], { factor: 0 }, /expected a positive factor, got 0/],
    ['less than a pixel', [5, 6, 5.1, 6], [2, 2], {}, /at least one pixel/],
  ])('refuses %s', (_, points, visibility, options, message) => {
    expect(() => squareCrop(points, visibility, image, options)).toThrow(DatasetError);
    expect(() => squareCrop(points, visibility, image, options)).toThrow(message);
  });
});

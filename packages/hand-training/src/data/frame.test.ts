import { rescalePixel, toParameterFrame } from './frame.js';

describe('rescalePixel', () => {
  it('keeps the borders of the image, which lie half a pixel outside the outer centres', () => {
    expect(rescalePixel(-0.5, 128, 256)).toBe(-0.5);
    expect(rescalePixel(127.5, 128, 256)).toBe(255.5);
    expect(rescalePixel(63.5, 128, 320)).toBe(159.5);
  });

  it('moves the centre of a pixel to the middle of the pixels that it becomes', () => {
    expect(rescalePixel(3, 64, 256)).toBe((12 + 13 + 14 + 15) / 4);
    expect(rescalePixel((12 + 13 + 14 + 15) / 4, 256, 64)).toBe(3);
  });

  it('undoes itself', () => {
    for (const u of [-7.25, 0, 31.4, 200]) expect(rescalePixel(rescalePixel(u, 96, 256), 256, 96)).toBeCloseTo(u, 12);
  });
});

describe('toParameterFrame', () => {
  it('is the identity for images of 256 pixels and doubles those of 128', () => {
    expect(toParameterFrame(17.25, 256)).toBe(17.25);
    expect(toParameterFrame(0, 128)).toBe(0.5);
    expect(toParameterFrame(127, 128)).toBe(254.5);
  });
});

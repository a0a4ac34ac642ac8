import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { createImage } from './create-image.js';
import { drawCircle } from './draw-circle.js';
import { drawLine } from './draw-line.js';
import { drawSkeleton } from './draw-skeleton.js';
import { drawLabel, drawText, measureText } from './draw-text.js';
import { drawRect, fillRect } from './fill-rect.js';
import { glyph } from './font.js';
import type { RgbImage } from './types.js';

const red = (image: RgbImage, x: number, y: number) => image.data[(y * image.width + x) * 3]!;
const sum = (image: RgbImage) => image.data.reduce((total, value, i) => (i % 3 === 0 ? total + value : total), 0) / 255;
const WHITE = [255, 255, 255] as const;

describe('drawLine', () => {
  it('fills exactly the pixels of a horizontal line of whole width between centres', () => {
    const image = createImage(9, 5);
    drawLine(image, [2, 2], [6, 2], { color: WHITE });
    for (let x = 0; x < 9; x++) {
      expect(red(image, x, 2)).toBe(x >= 2 && x <= 6 ? 255 : 0);
      expect(red(image, x, 1)).toBe(0);
    }
  });

  it('covers the area of a slanted capsule', () => {
    const image = createImage(60, 60);
    drawLine(image, [10.3, 12.1], [45.7, 48.2], { color: WHITE, width: 5 });
    const expected = 5 * Math.hypot(35.4, 36.1) + Math.PI * 2.5 ** 2;
    expect(Math.abs(sum(image) / expected - 1)).toBeLessThan(0.01);
  });

  it('leaves the image alone outside it and refuses NaN', () => {
    const image = createImage(8, 8);
    drawLine(image, [-50, -9], [90, -9], { color: WHITE, width: 3 });
    expect(sum(image)).toBe(0);
    drawLine(image, [-1e4, 4], [1e4, 4], { color: WHITE });
    expect(sum(image)).toBe(8);
    expect(() => drawLine(image, [0, NaN], [1, 1], { color: WHITE })).toThrow(ConfigError);
  });
});

describe('drawCircle', () => {
  it('covers the area of a disc and of a ring', () => {
    const disc = createImage(50, 50);
    drawCircle(disc, [24.4, 25.2], { radius: 17.3, color: WHITE });
    expect(Math.abs(sum(disc) / (Math.PI * 17.3 ** 2) - 1)).toBeLessThan(0.005);
    const ring = createImage(50, 50);
    drawCircle(ring, [24.4, 25.2], { radius: 17.3, width: 4, color: WHITE });
    expect(Math.abs(sum(ring) / (2 * Math.PI * 17.3 * 4) - 1)).toBeLessThan(0.005);
    expect(red(ring, 24, 25)).toBe(0);
  });
});

describe('fillRect and drawRect', () => {
  it('fills whole pixels and mixes with opacity', () => {
    const image = createImage(6, 5, [100, 0, 0]);
    fillRect(image, { x: 4, y: 3, width: 10, height: 10 }, [200, 0, 0], 0.5);
    expect(
      [...Array(30).keys()].map((i) => red(image, i % 6, Math.floor(i / 6))).filter((v) => v === 150),
    ).toHaveLength(4);
  });

  it('outlines a rectangle without touching its inside', () => {
    const image = createImage(8, 8);
    drawRect(image, { x: 1, y: 2, width: 5, height: 4 }, WHITE);
    expect(sum(image)).toBe(2 * 5 + 2 * 2);
    expect(red(image, 1, 2)).toBe(255);
    expect(red(image, 5, 5)).toBe(255);
    expect(red(image, 3, 3)).toBe(0);
  });
});

describe('drawSkeleton', () => {
  const edges = [
    [0, 1],
    [1, 2],
  ] as const;

  it('draws points in the colour of the bone that ends there and leaves out what is not labelled', () => {
    const image = createImage(40, 20);
    drawSkeleton(image, [5, 10, 15, 10, 30, 10], {
      edges,
      colors: [
        [255, 0, 0],
        [0, 255, 0],
      ],
      radius: 2,
      visibility: [2, 2, 0],
    });
    const at = (x: number) => [...image.data.slice((10 * 40 + x) * 3, (10 * 40 + x) * 3 + 3)];
    expect(at(5)).toEqual([255, 255, 255]);
    expect(at(10)).toEqual([255, 0, 0]);
    expect(at(15)).toEqual([255, 0, 0]);
    expect(at(22)).toEqual([0, 0, 0]);
    expect(at(30)).toEqual([0, 0, 0]);
  });

  it('draws hidden points faintly and leaves out NaN', () => {
    const image = createImage(40, 20);
    drawSkeleton(image, [5, 10, 15, 10, NaN, 10], { edges, colors: [200, 100, 0], radius: 2, visibility: [1, 1, 2] });
    expect(red(image, 10, 10)).toBe(Math.round(200 * 0.35));
    expect(sum(image)).toBeLessThan(30);
  });

  it('refuses edges between points that are not there', () => {
    expect(() => drawSkeleton(createImage(4, 4), [0, 0], { edges })).toThrow(ShapeError);
  });
});

describe('drawText', () => {
  it('has a shape of its own for every printable character', () => {
    const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
    const shapes = new Map(characters.map((character) => [[...glyph(character)].join(), character]));
    expect(shapes.size).toBe(95);
    expect(glyph(' ').every((row) => row === 0)).toBe(true);
  });

  it('writes the pixels of a letter where it is told, doubled at scale 2', () => {
    const small = createImage(20, 14);
    drawText(small, 'T', [3, 2]);
    expect([3, 4, 5, 6, 7].map((x) => red(small, x, 2))).toEqual([255, 255, 255, 255, 255]);
    expect([3, 4, 5, 6, 7].map((x) => red(small, x, 8))).toEqual([0, 0, 255, 0, 0]);
    const large = createImage(20, 24);
    drawText(large, 'T', [3, 2], { scale: 2 });
    expect(sum(large)).toBe(4 * sum(small));
  });

  it('measures what it draws', () => {
    const text = 'gWq|\n_W~';
    const size = measureText(text);
    const image = createImage(size.width + 8, size.height + 8);
    drawText(image, text, [4, 4]);
    let [right, bottom] = [0, 0];
    image.data.forEach((value, i) => {
      if (value === 0) return;
      right = Math.max(right, Math.floor(i / 3) % image.width);
      bottom = Math.max(bottom, Math.floor(i / 3 / image.width));
    });
    expect(right).toBeLessThan(4 + size.width);
    expect(bottom).toBeLessThan(4 + size.height);
    expect(bottom).toBeGreaterThan(size.height - 4);
  });

  it('refuses what the font lacks', () => {
    expect(() => drawText(createImage(4, 4), 'é', [0, 0])).toThrow(
      'drawText: expected printable ASCII characters, got "é".',
    );
  });

  it('keeps a label inside the image', () => {
    const image = createImage(60, 30, [200, 200, 200]);
    drawLabel(image, 'abc', [55, 28], { background: [0, 0, 0], backgroundOpacity: 1 });
    const size = measureText('abc');
    expect(red(image, 59, 29)).toBe(0);
    expect(red(image, 59 - size.width - 4, 29)).toBe(200);
  });
});

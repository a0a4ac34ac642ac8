import { blendPixel } from './blend-pixel.js';
import { fillRect } from './fill-rect.js';
import { glyph, GLYPH_ADVANCE, GLYPH_HEIGHT, GLYPH_WIDTH } from './font.js';
import { assertChannels } from './image-checks.js';
import type { Color, Point, RgbImage } from './types.js';

export interface TextOptions {
  /** Default white. */
  readonly color?: Color | undefined;
  /** Whole number of pixels per font pixel. Default 1: capital letters 5 × 7 pixels. */
  readonly scale?: number | undefined;
  /** 0 … 1. Default 1. */
  readonly opacity?: number | undefined;
}

/** Pixels between two lines, in font pixels. */
const LEADING = 2;

/** Size in pixels of a text as {@link drawText} draws it; lines are separated by `\n`. */
export function measureText(text: string, scale = 1): { width: number; height: number } {
  const lines = text.split('\n');
  const longest = Math.max(...lines.map((line) => line.length));
  return {
    width: Math.max(0, longest * GLYPH_ADVANCE - (GLYPH_ADVANCE - GLYPH_WIDTH)) * scale,
    height: (lines.length * (GLYPH_HEIGHT + LEADING) - LEADING) * scale,
  };
}

/**
 * Writes printable ASCII, in the small font of this package, into the image that is passed; `\n` starts a new line.
 *
 * @param image changed
 * @param origin column and row of the top left pixel of the text, rounded; the text may leave the image
 * @throws ConfigError if a character is not printable ASCII
 */
export function drawText(image: RgbImage, text: string, origin: Point, options: TextOptions = {}): void {
  assertChannels(image, 3, 'drawText');
  const { color = [255, 255, 255], scale = 1, opacity = 1 } = options;
  const [left, top] = [Math.round(origin[0]), Math.round(origin[1])];
  text.split('\n').forEach((line, lineIndex) => {
    [...line].forEach((character, position) => {
      const rows = glyph(character);
      const x = left + position * GLYPH_ADVANCE * scale;
      const y = top + lineIndex * (GLYPH_HEIGHT + LEADING) * scale;
      for (let row = 0; row < GLYPH_HEIGHT; row++) {
        for (let column = 0; column < GLYPH_WIDTH; column++) {
          if (((rows[row]! >> (GLYPH_WIDTH - 1 - column)) & 1) === 0) continue;
          if (scale === 1) blendPixel(image, x + column, y + row, color, opacity);
          else
            fillRect(image, { x: x + column * scale, y: y + row * scale, width: scale, height: scale }, color, opacity);
        }
      }
    });
  });
}

export interface LabelOptions extends TextOptions {
  /** Colour behind the text. Default black. */
  readonly background?: Color | undefined;
  /** 0 … 1. Default 0.6. */
  readonly backgroundOpacity?: number | undefined;
}

/**
 * As {@link drawText}, on a box two font pixels larger than the text. The box is shifted to stay inside the image
 * where it fits.
 *
 * @param image changed
 * @param origin column and row of the top left pixel of the box
 */
export function drawLabel(image: RgbImage, text: string, origin: Point, options: LabelOptions = {}): void {
  const { scale = 1, background = [0, 0, 0], backgroundOpacity = 0.6 } = options;
  const margin = 2 * scale;
  const size = measureText(text, scale);
  const width = size.width + 2 * margin;
  const height = size.height + 2 * margin;
  const x = Math.max(0, Math.min(Math.round(origin[0]), image.width - width));
  const y = Math.max(0, Math.min(Math.round(origin[1]), image.height - height));
  fillRect(image, { x, y, width, height }, background, backgroundOpacity);
  drawText(image, text, [x + margin, y + margin], options);
}

import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { createImage } from './create-image.js';
import { drawText, measureText } from './draw-text.js';
import { channelsOf } from './image-checks.js';
import type { Color, Image, RgbImage } from './types.js';

export interface ContactSheetOptions {
  /** Default: as many as make the sheet about square. */
  readonly columns?: number | undefined;
  /** One text per image, below it; what does not fit is cut with `..`. */
  readonly labels?: readonly string[] | undefined;
  /** Pixels between the images and around them. Default 4. */
  readonly gap?: number | undefined;
  /** Text above the images. */
  readonly title?: string | undefined;
  /** Default white. */
  readonly background?: Color | undefined;
  /** Colour of the texts. Default nearly black. */
  readonly color?: Color | undefined;
}

const TITLE_SCALE = 2;

function fit(text: string, width: number): string {
  if (measureText(text).width <= width) return text;
  let kept = text;
  while (kept.length > 0 && measureText(`${kept}..`).width > width) kept = kept.slice(0, -1);
  return `${kept}..`;
}

function paste(target: RgbImage, image: Image, left: number, top: number): void {
  const channels = channelsOf(image, 'contactSheet', 'images');
  for (let y = 0; y < image.height; y++) {
    let to = ((top + y) * target.width + left) * 3;
    let from = y * image.width * channels;
    for (let x = 0; x < image.width; x++, to += 3, from += channels) {
      target.data[to] = image.data[from]!;
      target.data[to + 1] = image.data[channels === 3 ? from + 1 : from]!;
      target.data[to + 2] = image.data[channels === 3 ? from + 2 : from]!;
    }
  }
}

/**
 * A new image with all the given ones in rows, each in a cell as large as the largest.
 *
 * @param images colour or grey, at least one
 * @throws ConfigError if there are no images or an option is out of range
 * @throws ShapeError if the number of labels differs from that of the images
 *
 * @example
 * writeFileSync('sheet.png', encodePng(contactSheet(images, { columns: 6, title: 'test set' })));
 */
export function contactSheet(images: readonly Image[], options: ContactSheetOptions = {}): RgbImage {
  const { labels, gap = 4, title, background = [255, 255, 255], color = [24, 24, 24] } = options;
  const columns = options.columns ?? Math.ceil(Math.sqrt(images.length));
  if (images.length === 0) throw new ConfigError('contactSheet: expected at least one image, got none.');
  if (!Number.isInteger(columns) || columns < 1 || !Number.isInteger(gap) || gap < 0) {
    throw new ConfigError(
      `contactSheet: expected columns as a positive integer and gap as an integer from 0, got ${columns} and ${gap}.`,
      { expected: { columns: '>= 1', gap: '>= 0' }, actual: { columns, gap } },
    );
  }
  if (labels !== undefined && labels.length !== images.length) {
    throw new ShapeError(`contactSheet: expected ${images.length} labels, one per image, got ${labels.length}.`, {
      expected: images.length,
      actual: labels.length,
    });
  }
  const cellWidth = Math.max(...images.map((image) => image.width));
  const cellHeight = Math.max(...images.map((image) => image.height));
  const labelLines = labels === undefined ? 0 : Math.max(...labels.map((label) => label.split('\n').length));
  const labelHeight = labelLines === 0 ? 0 : measureText('\n'.repeat(labelLines - 1)).height + 2;
  const titleSize = title === undefined ? { width: 0, height: 0 } : measureText(title, TITLE_SCALE);
  const top = gap + (title === undefined ? 0 : titleSize.height + gap);
  const usedColumns = Math.min(columns, images.length);
  const rowHeight = cellHeight + labelHeight + gap;
  const sheet = createImage(
    Math.max(gap + usedColumns * (cellWidth + gap), titleSize.width + 2 * gap),
    top + Math.ceil(images.length / columns) * rowHeight,
    background,
  );
  if (title !== undefined) drawText(sheet, title, [gap, gap], { color, scale: TITLE_SCALE });
  images.forEach((image, i) => {
    const left = gap + (i % columns) * (cellWidth + gap);
    const row = top + Math.floor(i / columns) * rowHeight;
    paste(sheet, image, left + ((cellWidth - image.width) >> 1), row + ((cellHeight - image.height) >> 1));
    const label = labels?.[i];
    if (label !== undefined) {
      const text = label
        .split('\n')
        .map((line) => fit(line, cellWidth))
        .join('\n');
      drawText(sheet, text, [left, row + cellHeight + 2], { color });
    }
  });
  return sheet;
}

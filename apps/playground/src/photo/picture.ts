import type { RgbImage } from '@opposable/drawing';
import { ConfigError } from '@opposable/tensor-checks';

/** A picture as it is shown and looked at. */
export interface Picture {
  readonly name: string;
  readonly canvas: HTMLCanvasElement;
  /** What was done to it, a sentence; undefined: nothing. */
  readonly note: string | undefined;
}

const MOST_BYTES = 64 * 2 ** 20;
const MOST_PIXELS = 64e6;
/** Longer pictures are scaled down to this, in pixels: a hand in them still has more than any network looks at. */
const LONGEST = 2048;
const SHORTEST = 16;

function fail(name: string, expected: string, actual: string): never {
  throw new ConfigError(`${name}: expected ${expected}, got ${actual}.`, { expected, actual });
}

/** What a canvas or a video shows, at most {@link LONGEST} pixels long, on white where it is transparent. */
export function pictureOf(source: CanvasImageSource, width: number, height: number, name: string): Picture {
  const factor = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * factor));
  canvas.height = Math.max(1, Math.round(height * factor));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const note = factor === 1 ? undefined : `Scaled down from ${width} × ${height} pixels.`;
  return { name, canvas, note };
}

/** The size of a picture without its pixels: a small file can stand for a gigabyte of them. */
async function sizeOf(file: File): Promise<{ readonly width: number; readonly height: number } | undefined> {
  const url = URL.createObjectURL(file);
  try {
    const header = new Image();
    header.src = url;
    await new Promise((resolve, reject) => {
      header.onload = resolve;
      header.onerror = reject;
    });
    return { width: header.naturalWidth, height: header.naturalHeight };
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Reads a picture file, upright as its EXIF orientation says. It stays in the page.
 *
 * @throws ConfigError for other files, and pictures that are too large or too small
 */
export async function readPicture(file: File): Promise<Picture> {
  const name = file.name === '' ? 'the picture' : file.name;
  if (file.size > MOST_BYTES) {
    fail(name, 'a picture of at most 64 MiB', `${Math.round(file.size / 2 ** 20)} MiB`);
  }
  const size = await sizeOf(file);
  const other = 'another file or a damaged one';
  if (size === undefined) return fail(name, 'a picture that the browser can show', other);
  const { width, height } = size;
  if (width * height > MOST_PIXELS) {
    fail(name, `a picture of at most ${MOST_PIXELS / 1e6} million pixels`, `${width} × ${height}`);
  }
  if (Math.min(width, height) < SHORTEST) {
    fail(name, `a picture of at least ${SHORTEST} × ${SHORTEST} pixels`, `${width} × ${height}`);
  }
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return fail(name, 'a picture that the browser can show', other);
  try {
    return pictureOf(bitmap, bitmap.width, bitmap.height, name);
  } finally {
    bitmap.close();
  }
}

/** The pixels of a picture, red, green and blue. */
export function pixelsOf({ canvas }: Picture): RgbImage {
  const { width, height } = canvas;
  const rgba = canvas.getContext('2d', { willReadFrequently: true })!.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    data[to++] = rgba[from]!;
    data[to++] = rgba[from + 1]!;
    data[to++] = rgba[from + 2]!;
  }
  return { width, height, data };
}

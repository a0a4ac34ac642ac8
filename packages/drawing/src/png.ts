import { FileFormatError, ShapeError } from '@opposable/tensor-checks';
import { type DecodedPng, decode, encode } from 'fast-png';
import { assertImageSize, channelsOf } from './image-checks.js';
import type { Gray16Image, GrayImage, Image, RgbImage } from './types.js';

/** The bytes of an 8-bit PNG file, RGB or grey. */
export function encodePng(image: Image): Uint8Array {
  const channels = channelsOf(image, 'encodePng');
  const { width, height, data } = image;
  return encode({ width, height, data, channels, depth: 8 });
}

/**
 * The bytes of a grey PNG file of 16 bits per pixel.
 *
 * @throws ShapeError if the length of the data does not fit the size
 */
export function encodeGray16Png({ width, height, data }: Gray16Image): Uint8Array {
  assertImageSize(width, height, 'encodeGray16Png');
  if (data.length !== width * height) {
    throw new ShapeError(`encodeGray16Png: expected an image with ${width} · ${height} numbers, got ${data.length}.`, {
      expected: width * height,
      actual: data.length,
    });
  }
  return encode({ width, height, data, channels: 1, depth: 16 });
}

/**
 * Reads a grey PNG file of 16 bits per pixel, as it stands.
 *
 * @throws FileFormatError if the bytes are not a PNG file, or one of another kind
 */
export function decodeGray16Png(bytes: Uint8Array): Gray16Image {
  const { width, height, data, channels, depth } = read(bytes, 'decodeGray16Png');
  if (channels !== 1 || !(data instanceof Uint16Array)) {
    throw new FileFormatError(
      `decodeGray16Png: expected a grey PNG of 16 bits per pixel, got one of ${channels} channels of ${depth} bits.`,
      { expected: { channels: 1, depth: 16 }, actual: { channels, depth } },
    );
  }
  return { width, height, data };
}

function read(bytes: Uint8Array, operation: string): DecodedPng {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new FileFormatError(
      `${operation}: expected the bytes of a PNG file, got ${bytes.length} bytes that are not one (${cause instanceof Error ? cause.message : String(cause)}).`,
      { expected: 'PNG', actual: bytes.length, cause },
    );
  }
}

/** Calls back with red, green and blue of every pixel as bytes; transparency is left out. */
function eachPixel(png: DecodedPng, visit: (pixel: number, red: number, green: number, blue: number) => void): void {
  const { width, height, data, channels, depth, palette } = png;
  const levels = 2 ** depth - 1;
  const perRow = Math.ceil((width * channels * depth) / 8);
  const sample = (y: number, k: number): number => {
    if (depth >= 8) return data[y * width * channels + k]!;
    const bit = k * depth;
    return ((data[y * perRow + (bit >> 3)]! >> (8 - depth - (bit & 7))) & levels) >>> 0;
  };
  const byte = (value: number) => (depth === 8 ? value : Math.round((value * 255) / levels));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const first = sample(y, x * channels);
      if (palette !== undefined) {
        const entry = palette[first] ?? [0, 0, 0];
        visit(y * width + x, entry[0]!, entry[1]!, entry[2]!);
      } else if (channels < 3) visit(y * width + x, byte(first), byte(first), byte(first));
      else {
        visit(y * width + x, byte(first), byte(sample(y, x * channels + 1)), byte(sample(y, x * channels + 2)));
      }
    }
  }
}

/**
 * Reads a PNG file of any kind (palette, grey, RGB, 1 to 16 bits) as RGB; transparency is ignored.
 *
 * @throws FileFormatError if the bytes are not a PNG file
 */
export function decodePng(bytes: Uint8Array): RgbImage {
  const png = read(bytes, 'decodePng');
  const data = new Uint8Array(png.width * png.height * 3);
  eachPixel(png, (pixel, red, green, blue) => {
    data[pixel * 3] = red;
    data[pixel * 3 + 1] = green;
    data[pixel * 3 + 2] = blue;
  });
  return { width: png.width, height: png.height, data };
}

/**
 * Reads a PNG file of any kind as one channel: grey as it stands, colour as 0.299 R + 0.587 G + 0.114 B.
 *
 * @throws FileFormatError if the bytes are not a PNG file
 */
export function decodeGrayPng(bytes: Uint8Array): GrayImage {
  const png = read(bytes, 'decodeGrayPng');
  const data = new Uint8Array(png.width * png.height);
  eachPixel(png, (pixel, red, green, blue) => {
    data[pixel] = red === green && green === blue ? red : Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  });
  return { width: png.width, height: png.height, data };
}

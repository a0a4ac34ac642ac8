import { readFile } from 'node:fs/promises';
import { decodeGrayPng, type GrayImage, type RgbImage } from '@opposable/drawing';
import sharp, { type Sharp } from 'sharp';
import { datasetError } from '../../dataset-error.js';

const ACCEPTED = 'accepted are JPEG, PNG, WebP, TIFF, GIF, AVIF and SVG images of at most 100 megapixels';
const MAX_PIXELS = 100_000_000;

export interface ReadImageOptions {
  /**
   * Which way up: 'seen' (default), as the EXIF data says that the picture is to be seen; 'stored', as its pixels lie in the
   * file, which is what annotations of datasets are for.
   */
  readonly orientation?: 'seen' | 'stored' | undefined;
}

/** What Node and sharp say, without line breaks, in one clause. */
function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'it may not be read';
  return message.split('\n')[0]!.trim().replace(/\.$/, '');
}

async function decode(
  bytes: Uint8Array,
  name: string,
  { operation, orientation }: ReadImageOptions & { readonly operation: string },
  mode: (image: Sharp) => Sharp,
) {
  if (bytes.length === 0) throw datasetError(operation, `${name} is empty; ${ACCEPTED}`);
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
    const turned = orientation === 'stored' ? image : image.autoOrient();
    const { data, info } = await mode(turned).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const copied = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { width: info.width, height: info.height, channels: info.channels, data: copied };
  } catch (cause) {
    throw datasetError(operation, `${name} cannot be read as an image (${reasonOf(cause)}); ${ACCEPTED}`, {
      expected: ACCEPTED,
      actual: name,
      cause,
    });
  }
}

async function load(path: string, operation: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw datasetError(operation, `${path} cannot be read (${reasonOf(cause)}); ${ACCEPTED}`, { actual: path, cause });
  }
}

/**
 * Pixels of an image file's bytes, as the file means them to be seen: EXIF rotation applied (unless the orientation is
 * 'stored'), gray, CMYK and 16-bit values turned into 8-bit sRGB, transparency laid over white.
 *
 * @param bytes of the file, any format that sharp reads
 * @param name for messages
 * @throws DatasetError naming the file if it is empty, truncated or no image
 */
export async function decodeImage(bytes: Uint8Array, name: string, options: ReadImageOptions = {}): Promise<RgbImage> {
  const { width, height, data } = await decode(bytes, name, { operation: 'readImage', ...options }, (image) =>
    image.flatten({ background: '#ffffff' }).toColourspace('srgb'),
  );
  return { width, height, data };
}

/**
 * {@link decodeImage} of a file.
 *
 * @throws DatasetError in one sentence that names the file and what is accepted, also where there is no file
 *
 * @example
 * const { width, height, data } = await readImage('hand.jpg'); // data: width · height · 3 bytes
 */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<RgbImage> {
  return decodeImage(await load(path, 'readImage'), path, options);
}

const PNG_SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/** Whether a file is what masks mostly are, and small: an 8-bit gray PNG without interlacing. */
function isPlainGrayPng(bytes: Uint8Array): boolean {
  if (bytes.length < 33 || PNG_SIGNATURE.some((value, i) => bytes[i] !== value)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height, depth, color, interlace] = [
    view.getUint32(16),
    view.getUint32(20),
    bytes[24],
    bytes[25],
    bytes[28],
  ];
  return depth === 8 && color === 0 && interlace === 0 && width * height > 0 && width * height <= 1 << 20;
}

/** The mask of such a file, a third of the work of the general way; undefined if it is damaged. */
function decodePlainGrayPng(bytes: Uint8Array): GrayImage | undefined {
  try {
    return decodeGrayPng(bytes);
  } catch {
    return undefined; // the general way says what is wrong
  }
}

/** A mask file as 8-bit coverage, 0 … 255. Errors as {@link readImage}. */
export async function readMask(path: string, options: ReadImageOptions = {}): Promise<GrayImage> {
  const bytes = await load(path, 'readMask');
  const plain = isPlainGrayPng(bytes) ? decodePlainGrayPng(bytes) : undefined;
  if (plain) return plain;
  const { width, height, data } = await decode(bytes, path, { operation: 'readMask', ...options }, (image) =>
    image.flatten({ background: '#000000' }).toColourspace('b-w'),
  );
  return { width, height, data };
}

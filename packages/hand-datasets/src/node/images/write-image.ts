import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { GrayImage, RgbImage } from '@opposable/drawing';
import { ConfigError } from '@opposable/tensor-checks';
import sharp from 'sharp';

export interface EncodeImageOptions {
  readonly format: 'jpeg' | 'png';
  /** JPEG quality 1–100. Default 92; colours are not subsampled. */
  readonly quality?: number | undefined;
}

export const ENCODE_IMAGE_DEFAULTS = { quality: 92 } as const;

/** @throws ConfigError if the quality is not a whole number from 1 to 100 */
export function checkJpegQuality(quality: number | undefined, operation: string): void {
  if (quality === undefined || (Number.isInteger(quality) && quality >= 1 && quality <= 100)) return;
  throw new ConfigError(`${operation}: expected a JPEG quality from 1 to 100, got ${quality}.`, {
    expected: [1, 100],
    actual: quality,
  });
}

/** An image or mask as the bytes of a JPEG or PNG file. */
export async function encodeImage(image: RgbImage | GrayImage, options: EncodeImageOptions): Promise<Uint8Array> {
  checkJpegQuality(options.quality, 'encodeImage');
  const { width, height, data } = image;
  const channels = data.length / (width * height);
  if (channels !== 1 && channels !== 3) {
    throw new ConfigError(
      `encodeImage: expected width × height × 1 or 3 bytes, got ${data.length} bytes for ${width} × ${height}.`,
      { expected: [1, 3], actual: channels },
    );
  }
  const pipeline = sharp(data, { raw: { width, height, channels } });
  if (channels === 1) pipeline.toColourspace('b-w');
  return options.format === 'jpeg'
    ? pipeline
        .jpeg({ quality: options.quality ?? ENCODE_IMAGE_DEFAULTS.quality, chromaSubsampling: '4:4:4' })
        .toBuffer()
    : pipeline.png({ compressionLevel: 6 }).toBuffer();
}

/** The folder is not there, or a file stands in its place, of which `mkdir` says more. */
const lacksFolder = (cause: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');

/** Writes a file under a temporary name beside it and renames it: it appears complete or not at all. Its folder is made. */
export async function writeFileAtomic(path: string, contents: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.partial`;
  try {
    await writeFile(temporary, contents).catch(async (cause: unknown) => {
      if (!lacksFolder(cause)) throw cause;
      await mkdir(dirname(path), { recursive: true }); // asked for only here: most files come into a folder that is there
      await writeFile(temporary, contents);
    });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // the first cause is the one to report
    throw cause;
  }
}

/** Removes what killed calls of {@link writeFileAtomic} have left in a folder, while nobody writes there. */
export async function removePartialFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (/\.[0-9a-f-]{36}\.partial$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

const FORMAT_OF_EXTENSION: Readonly<Record<string, 'jpeg' | 'png'>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
};

/**
 * Writes an image or mask; the ending of the name says the format. The file appears complete or not at all.
 *
 * @param path ends in .jpg, .jpeg or .png; its folder is made
 * @throws ConfigError for another ending
 */
export async function writeImage(
  path: string,
  image: RgbImage | GrayImage,
  options: { readonly quality?: number | undefined } = {},
): Promise<void> {
  const format = FORMAT_OF_EXTENSION[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new ConfigError(`writeImage: expected a name ending in .jpg, .jpeg or .png, got '${path}'.`, {
      expected: Object.keys(FORMAT_OF_EXTENSION),
      actual: path,
    });
  }
  await writeFileAtomic(path, await encodeImage(image, { format, quality: options.quality }));
}

import { DatasetError } from '@opposable/tensor-checks';
import type { DatasetFolder } from './dataset-folder.js';
import { imageSize, type Size } from './image-size.js';

const MOST_BYTES = 64 * 2 ** 20;
const MOST_PIXELS = 8192 * 8192;

/** Bytes of an image that is as large as its record says, and a sentence if they are not those that were prepared. */
export interface ImageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly altered: string | undefined;
}

/** SHA-256 in hexadecimal; undefined where the page has no cryptography: it was not served from this machine or by https. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const digest = await (crypto.subtle as SubtleCrypto | undefined)?.digest('SHA-256', bytes);
  return digest && [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Reads the file of an image or mask and checks its header and hash. Nothing is decoded.
 *
 * @throws DatasetError if it is missing, too large, no PNG or JPEG, or of another size than its record says
 */
export async function readImageFile(
  folder: DatasetFolder,
  name: string,
  expected: Size & { readonly hash?: string | undefined },
): Promise<ImageFile> {
  const file = await folder.file(name);
  if (file.size > MOST_BYTES || expected.width * expected.height > MOST_PIXELS) {
    throw new DatasetError(`${name}: expected an image of at most 64 MiB and 8192 × 8192 pixels.`, {
      actual: file.size,
    });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const size = imageSize(bytes);
  if (size === undefined) {
    throw new DatasetError(`${name} cannot be read as an image: it is neither PNG nor JPEG.`, { actual: name });
  }
  if (size.width !== expected.width || size.height !== expected.height) {
    throw new DatasetError(
      `${name}: expected ${expected.width} × ${expected.height} pixels as its record says, got ${size.width} × ${size.height}.`,
      { expected, actual: size },
    );
  }
  const isAltered = expected.hash !== undefined && ((await sha256(bytes)) ?? expected.hash) !== expected.hash;
  return {
    bytes,
    altered: isAltered ? `${name} is not the file that was prepared: its SHA-256 is another.` : undefined,
  };
}

/** Decodes an image. @throws DatasetError if the browser cannot */
export async function decodeImage(
  { bytes }: ImageFile,
  name: string,
  options: ImageBitmapOptions = {},
): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([bytes]), options).catch((cause: unknown) => {
    throw new DatasetError(`${name} cannot be read as an image: the browser finds it incomplete or damaged.`, {
      actual: name,
      cause,
    });
  });
}

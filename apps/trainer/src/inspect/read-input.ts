import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readArrays } from '@opposable/array-files';
import { ConfigError, FileFormatError } from '@opposable/tensor-checks';
import { arraysInJson } from './json-arrays.js';

/** A file, or the file that tells what a folder is, with all that it holds. */
export interface Input {
  readonly path: string;
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly contents: unknown;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a folder of this project keeps at a fixed name. */
const FOLDER_FILES = ['dataset.json', 'weights.safetensors', join('checkpoint', 'weights.safetensors')];

const BRACE = 0x7b;
const BRACKET = 0x5b;
const WHITE = new Set([0x20, 0x09, 0x0a, 0x0d]);

function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !WHITE.has(byte));
  return first === BRACE || first === BRACKET;
}

function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    return arraysInJson(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new FileFormatError(`${path}: not valid JSON (${(cause as Error).message}).`, { actual: path });
  }
}

const exists = (path: string): Promise<boolean> => stat(path).then((found) => found.isFile(), () => false); // prettier-ignore

async function fileOf(path: string): Promise<string> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const problem = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new ConfigError(`${path}: expected a file, but ${problem}.`, { actual: path });
  });
  if (!found.isDirectory()) return path;
  for (const name of FOLDER_FILES) if (await exists(join(path, name))) return join(path, name);
  throw new ConfigError(`${path}: expected a file, a prepared dataset or a run, found another folder.`, {
    expected: FOLDER_FILES,
    actual: path,
  });
}

/**
 * Reads a file of any format of array-files, or JSON; of a prepared dataset or a run its telling file.
 *
 * @throws ConfigError if there is no such file; FileFormatError in one sentence that starts with the path
 */
export async function readInput(given: string): Promise<Input> {
  const path = await fileOf(given);
  const bytes: Uint8Array = await readFile(path);
  if (isJson(bytes)) return { path, format: 'json', bytes, contents: parseJson(bytes, path), metadata: {} };
  try {
    const file = await readArrays(bytes);
    const metadata = file.format === 'safetensors' ? file.metadata : {};
    return { path, format: file.format, bytes, contents: file.contents, metadata };
  } catch (cause) {
    if (!(cause instanceof FileFormatError)) throw cause;
    const problem = cause.message
      .replace(/^read[A-Z]\w*: /, '')
      .replace(/; accepted are (.*)\.$/, '; accepted are json, $1.');
    throw new FileFormatError(`${path}: ${problem}`, { actual: path });
  }
}

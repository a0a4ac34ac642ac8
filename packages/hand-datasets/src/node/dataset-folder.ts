import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { checkInside } from '../check-inside.js';
import { datasetError } from '../dataset-error.js';
import { parseJsonText } from '../json/parse-json-text.js';
import { type JsonEntry, scanJson, scanJsonBatches, type ScanJsonOptions } from './json/scan-json.js';
import { datasetRoot, realPathInside } from './inside-root.js';

/** The folder of a dataset: everything is read through it, and nothing outside it. Names use forward slashes. */
export interface DatasetFolder {
  /** Real path of the folder. */
  readonly root: string;
  /**
   * The path of a file inside, links followed.
   *
   * @param where file and key that hold the name, for messages
   * @throws DatasetError if the name leaves the folder
   */
  path(name: string, where?: string): Promise<string>;
  /** Whether there is such a file or folder. */
  has(name: string): Promise<boolean>;
  /** The first of these files or folders that is there. @throws DatasetError naming all of them */
  find(names: readonly string[], what: string): Promise<string>;
  /** Names in a folder, sorted; folders end in a slash. @throws DatasetError if there is no such folder */
  list(name: string): Promise<string[]>;
  /** Bytes of a file. @throws DatasetError if it cannot be read */
  bytes(name: string): Promise<Uint8Array>;
  /** A small file's JSON. @throws DatasetError if it cannot be read or is not JSON */
  json(name: string): Promise<unknown>;
  /** Values inside a JSON file of any size, see {@link scanJson}. */
  scan(name: string, options: Omit<ScanJsonOptions, 'operation'>): AsyncGenerator<JsonEntry, void, undefined>;
  /** {@link scan}, some hundred values at a time. */
  scanBatches(
    name: string,
    options: Omit<ScanJsonOptions, 'operation'>,
  ): AsyncGenerator<readonly JsonEntry[], void, undefined>;
}

function reasonOf(cause: NodeJS.ErrnoException): string {
  return cause.code === 'ENOENT' ? 'there is no such file' : (cause.code ?? cause.message);
}

/**
 * Opens the folder of a dataset.
 *
 * @param path the folder
 * @param operation name of the caller, for messages
 * @throws DatasetError if there is no such folder
 */
export async function openDatasetFolder(path: string, operation: string): Promise<DatasetFolder> {
  const root = await datasetRoot(path, operation);
  const inside = async (name: string, where = name): Promise<string> => {
    checkInside(name, where, operation);
    return realPathInside(root, name.split(posix.sep).join(sep), operation);
  };
  const cannot = (name: string, cause: NodeJS.ErrnoException) =>
    datasetError(operation, `${join(root, name)} cannot be read (${reasonOf(cause)})`, { expected: name, cause });
  const bytes = async (name: string): Promise<Uint8Array> => {
    const real = await inside(name);
    return readFile(real).catch((cause: NodeJS.ErrnoException) => {
      throw cannot(name, cause);
    });
  };
  const has = async (name: string): Promise<boolean> =>
    stat(await inside(name)).then(
      () => true,
      () => false,
    );
  return {
    root,
    path: inside,
    has,
    bytes,
    async find(names, what) {
      for (const name of names) if (await has(name)) return name;
      throw datasetError(operation, `expected ${what} as ${names.join(' or ')} in ${root}, found none of them`, {
        expected: names,
      });
    },
    async list(name) {
      const entries = await readdir(name === '.' ? root : await inside(name), { withFileTypes: true }).catch(
        (cause: NodeJS.ErrnoException) => {
          throw cannot(name, cause);
        },
      );
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
    },
    async json(name) {
      const text = new TextDecoder().decode(await bytes(name));
      try {
        return parseJsonText(text);
      } catch (cause) {
        throw datasetError(operation, `${join(root, name)} is not JSON (${(cause as Error).message})`, { cause });
      }
    },
    async *scan(name, options) {
      yield* scanJson(await inside(name), { ...options, operation });
    },
    async *scanBatches(name, options) {
      yield* scanJsonBatches(await inside(name), { ...options, operation });
    },
  };
}

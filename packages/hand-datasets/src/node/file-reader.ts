// Annotation files of a few kilobytes, one a picture: `realpath` and the asynchronous `readFile` take 70 to 90 µs for each on
// a busy machine, of which 10 to 15 are the system's. Here the links of a folder are followed once, a file that is a link
// itself is not opened (then the long way is gone), and reading blocks the thread, which has nothing else to do.
import { closeSync, constants, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { checkInside } from '../check-inside.js';
import { datasetError } from '../dataset-error.js';

const FIRST_SIZE = 1 << 16;
/** Names whose every part begins with a letter, a digit or an underscore stay inside. */
const PLAIN_NAME = /^\w[\w.-]*(?:\/\w[\w.-]*)*$/;

/** Reads many small files of a dataset's folder, one after the other, on the calling thread. */
export interface FileReader {
  /**
   * Bytes of a file, valid until the next call.
   *
   * @param name relative to the dataset's folder, with forward slashes
   * @throws DatasetError if the name leaves the folder, also by a link, or the file cannot be read
   */
  read(name: string): Uint8Array;
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? 'there is no such file' : (code ?? message);

/**
 * @param root real path of the dataset's folder
 * @param operation name of the caller, for messages
 */
export function createFileReader(root: string, operation: string): FileReader {
  const realFolders = new Map<string, string>();
  let buffer = new Uint8Array(FIRST_SIZE);

  const outside = (path: string, real: string) =>
    datasetError(operation, `expected a path inside the dataset, but ${path} is a link to ${real}`, { actual: real });
  const cannot = (name: string, cause: NodeJS.ErrnoException) =>
    datasetError(operation, `${join(root, name)} cannot be read (${reasonOf(cause)})`, { expected: name, cause });
  const isInside = (real: string): boolean => real === root || real.startsWith(root + sep);

  const realFolder = (name: string): string => {
    const known = realFolders.get(name);
    if (known !== undefined) return known;
    const path = join(root, name);
    const real = realpathSync.native(path);
    if (!isInside(real)) throw outside(path, real);
    realFolders.set(name, real);
    return real;
  };

  const readLinked = (name: string): Uint8Array => {
    const path = join(root, name);
    const real = realpathSync.native(path);
    if (!isInside(real)) throw outside(path, real);
    return readFileSync(real);
  };

  const readPlain = (path: string): Uint8Array => {
    // O_NONBLOCK: a pipe under the name of a file must not stop the reader
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      let length = 0;
      for (;;) {
        const count = readSync(file, buffer, length, buffer.length - length, null);
        length += count;
        if (length < buffer.length) return buffer.subarray(0, length); // a short read of a file is its end
        const grown = new Uint8Array(2 * buffer.length);
        grown.set(buffer);
        buffer = grown;
      }
    } finally {
      closeSync(file);
    }
  };

  return {
    read(name) {
      if (!PLAIN_NAME.test(name)) checkInside(name, name, operation);
      try {
        const slash = name.lastIndexOf(posix.sep);
        const folder = slash < 0 ? root : realFolder(name.slice(0, slash));
        const path = `${folder}${sep}${name.slice(slash + 1)}`;
        if (constants.O_NOFOLLOW === undefined) return readLinked(name);
        try {
          return readPlain(path);
        } catch (cause) {
          if ((cause as NodeJS.ErrnoException).code !== 'ELOOP') throw cause;
          return readLinked(name);
        }
      } catch (cause) {
        throw (cause as NodeJS.ErrnoException).code === undefined
          ? cause
          : cannot(name, cause as NodeJS.ErrnoException);
      }
    },
  };
}

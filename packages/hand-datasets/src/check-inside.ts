import { datasetError } from './dataset-error.js';

/** Names that are absolute somewhere: on POSIX, on Windows (`C:`, `\\server`), or that no file system takes. */
const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:)|\0/;

/** Whether a name, its parts between `/` or `\`, ends at a place below where it starts and never leaves it on the way. */
function staysInside(name: string): boolean {
  let depth = 0;
  for (const part of name.split(/[/\\]/)) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return false;
  }
  return depth > 0;
}

/**
 * Checks that a name from a dataset's files lies inside its folder: not absolute, not leaving by `..`.
 *
 * @param where file and key that hold the name, for messages
 * @throws DatasetError naming `where`
 */
export function checkInside(name: string, where: string, operation: string): void {
  if (staysInside(name) && !ABSOLUTE.test(name)) return;
  throw datasetError(operation, `expected a path inside the dataset at ${where}, got ${JSON.stringify(name)}`, {
    expected: 'a relative path inside the dataset',
    actual: name,
  });
}

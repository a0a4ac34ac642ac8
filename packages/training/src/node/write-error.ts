import { OpposableError } from '@opposable/tensor-checks';

/** A file of a run cannot be written. */
export class WriteError extends OpposableError {}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'there is no permission',
  EPERM: 'it is not permitted',
  EROFS: 'the file system cannot be written to',
  EIO: 'the disk reports an error',
  ENOTDIR: 'there is a file where a folder is expected',
};

/** One sentence for an error of the file system; other errors stay what they are. */
export function asWriteError(operation: string, path: string, cause: unknown, then = ''): unknown {
  const { code } = cause as Partial<NodeJS.ErrnoException>;
  if (code === undefined || cause instanceof OpposableError) return cause;
  return new WriteError(`${operation}: cannot write ${path}, ${REASONS[code] ?? code}${then}.`, {
    expected: 'a place to write to',
    actual: code,
    cause,
  });
}

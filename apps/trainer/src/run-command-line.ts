import { CommanderError } from 'commander';
import { OpposableError } from '@opposable/tensor-checks';
import { createProgram } from './program.js';

/** Exit codes: 0 done, 1 a fault of this program, 2 bad input, 130 stopped by the person. */
const EXIT_FAULT = 1;
const EXIT_BAD_INPUT = 2;
export const EXIT_STOPPED = 130;

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What files and folders that were named can be at fault for. */
const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission',
  EPERM: 'it is not permitted',
  EROFS: 'it cannot be written to',
  EEXIST: 'there is a file where a folder is expected',
  ENOTDIR: 'there is a file where a folder is expected',
  EISDIR: 'there is a folder where a file is expected',
  ENOENT: 'there is no such file or folder',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'there is no space left',
};

/** One sentence for an error of the file system; undefined for any other. */
function systemMessage(error: unknown): string | undefined {
  const { code, path } = error as Partial<NodeJS.ErrnoException>;
  const reason = code === undefined ? undefined : SYSTEM_REASONS[code];
  return reason !== undefined && path !== undefined ? `${path} cannot be used: ${reason}.` : undefined;
}

/**
 * One command line, from its words to its exit code; what it has to say goes to the streams of the process.
 *
 * @param argv as `process.argv`: the first two words are passed over
 * @param signal asks for an end in order
 */
export async function runCommandLine(argv: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    await createProgram(signal).parseAsync([...argv]);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
    if (error instanceof OpposableError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT_BAD_INPUT;
    }
    const system = systemMessage(error);
    if (system !== undefined) {
      process.stderr.write(`${system}\n`);
      return EXIT_BAD_INPUT;
    }
    if (isAbort(error)) return EXIT_STOPPED;
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT_FAULT;
  }
}

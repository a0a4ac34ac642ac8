import { ConfigError } from '@opposable/tensor-checks';
import type { ImportPackage } from './types.js';

const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return NOT_FOUND.includes(code ?? '') && message.includes(`'${name}'`);
}

/** The first line of what went wrong within a package. */
const firstLine = (error: unknown): string =>
  String((error as Error | null)?.message ?? error)
    .split('\n')[0]!
    .replace(/\.$/, '');

/**
 * Imports a package that only some people have.
 *
 * @param backend its name on the command line
 * @param note what else it needs, in brackets behind the command that installs it
 * @throws ConfigError naming the command that installs it, or what it says while it loads
 */
export async function importPeer(
  importPackage: ImportPackage,
  { backend, name, version, note }: { backend: string; name: string; version: string; note: string },
): Promise<unknown> {
  try {
    return await importPackage(name);
  } catch (error) {
    const details = { expected: name, actual: error };
    if (isMissing(error, name)) {
      throw new ConfigError(
        `chooseBackend: backend "${backend}" needs the package ${name}, which is not installed; install it with "npm install ${name}@${version}" (${note}).`,
        details,
      );
    }
    throw new ConfigError(
      `chooseBackend: backend "${backend}" does not start, because ${name} cannot be loaded: ${firstLine(error)} (${note}).`,
      details,
    );
  }
}

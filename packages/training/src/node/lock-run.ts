import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@opposable/tensor-checks';

/** The mark of a run folder in use. */
export interface RunLock {
  /** Takes the mark away. */
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as the system tells it; a number that is used again has another. */
  readonly started: string | null;
}

export const LOCK_FILE = 'in-use.json';

/** Field 22 of /proc/PID/stat: clock ticks from boot to the start of the process. `null` where the system has no /proc. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function isAlive({ pid, host, started }: Owner): Promise<boolean> {
  if (host !== hostname()) return true; // nobody here can tell
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === null || (await startOf(pid)) === started;
}

/**
 * Marks a run folder as in use by this process, so that no second one trains into it. The mark of a process that is dead
 * counts for nothing.
 *
 * @param folder made if missing
 * @throws ConfigError if another process uses the folder
 */
export async function lockRun(folder: string): Promise<RunLock> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, LOCK_FILE);
  const me: Owner = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  for (;;) {
    const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (file !== undefined) {
      await file.writeFile(`${JSON.stringify(me)}\n`).finally(() => file.close());
      return { release: () => rm(path, { force: true }) };
    }
    const owner = await readFile(path, 'utf8')
      .then(
        (text) => JSON.parse(text) as Owner,
        () => undefined,
      )
      .catch(() => undefined);
    if (owner !== undefined && (await isAlive(owner))) {
      const where = owner.host === hostname() ? '' : ` on ${owner.host}`;
      throw new ConfigError(
        `${folder} is in use by process ${owner.pid}${where}; wait for it, or delete ${path} if it does not run any more.`,
        { expected: 'a run folder that no process uses', actual: owner },
      );
    }
    await rm(path, { force: true });
  }
}

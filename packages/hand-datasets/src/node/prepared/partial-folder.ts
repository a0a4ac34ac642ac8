import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** This machine, as it can stand in a file's name. */
const machine = (): string => hostname().replace(/[^\w.-]/g, '_');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Makes the folder in which a dataset is written, `<target>.partial-<machine>-<process>-…`, and removes those that killed
 * processes of this machine have left for the same target.
 *
 * @param target where the dataset will stand
 */
export async function makePartialFolder(target: string): Promise<string> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  const start = `${basename(target)}.partial-${machine()}-`;
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(start) ? /^(\d+)-[0-9a-f]{8}$/.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, `${start}${process.pid}-${randomUUID().slice(0, 8)}`);
  await mkdir(folder);
  return folder;
}

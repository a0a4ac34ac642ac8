import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const app = join(dirname(fileURLToPath(import.meta.url)), '../..');
const root = join(app, '../..');
const cache = join(root, 'node_modules/.cache/opposable-playground');
const KEPT_MS = 3_600_000;

/** Every file below a folder that is part of the page, in one order. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.test\.ts$|\.d\.ts(?:\.map)?$|tsbuildinfo$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('test-support'))
    .sort();
}

/** A hash of all that the page is made of: its sources, the packages as they are compiled, and the versions of all else. */
function contentKey(): string {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'dist'));
  const folders = [join(app, 'src'), ...packages.filter((path) => existsSync(path))];
  const single = readdirSync(app)
    .filter((name) => /\.(?:html|mjs|json)$/.test(name))
    .map((name) => join(app, name));
  const hash = createHash('sha256');
  for (const path of [join(root, 'package-lock.json'), ...single, ...folders.flatMap(filesOf)]) {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex').slice(0, 24);
}

/** Whether the process that holds a lock lives. A lock without a number is just being written. */
function isHeld(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

function build(target: string): void {
  const partial = `${target}.partial-${process.pid}`;
  const options = ['build', '--logLevel', 'error', '--emptyOutDir', '--outDir', partial];
  const env = { ...process.env, OPPOSABLE_PAGE_NETWORK: '' }; // what somebody trained is no part of the tests
  const built = spawnSync('npx', ['vite', ...options], { cwd: app, encoding: 'utf8', env });
  if (built.status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new Error(`${built.stdout}\n${built.stderr}`);
  }
  try {
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true }); // another process was as fast: its files are the same
    if (!existsSync(target)) throw error;
  }
}

/** Builds that nobody has asked for in the last hour go. */
function removeOld(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * The page as Vite builds it, in a folder that every test of the same sources shares: the first one builds, others that run
 * beside it wait. Should two take the lock of a dead process over at once, both build, and the first to end counts.
 */
export async function sharedBuild(): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const target = join(cache, contentKey());
  const lock = `${target}.lock`;
  while (!existsSync(target)) {
    if (!take(lock)) {
      if (!isHeld(lock)) rmSync(lock, { force: true });
      await sleep(250);
      continue;
    }
    try {
      if (!existsSync(target)) {
        removeOld();
        build(target);
      }
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return target;
}

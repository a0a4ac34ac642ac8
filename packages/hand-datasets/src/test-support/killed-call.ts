import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../../dist/node/index.js', import.meta.url));

/**
 * A program that calls a function of the built package with its first argument, in JSON, and kills itself before the n-th change
 * of the disk, n its second argument.
 *
 * @param name of the function
 * @param options second argument of the call
 * @param changes functions of `node:fs/promises` that count
 */
export function killedCall(name: string, options: object, changes: readonly string[]): string {
  return `
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const [first, last] = process.argv.slice(2);
let calls = 0;
for (const name of ${JSON.stringify(changes)}) {
  const original = fs[name];
  fs[name] = (...words) => {
    if (calls++ === Number(last)) process.kill(process.pid, 'SIGKILL');
    return original(...words);
  };
}
syncBuiltinESMExports();
const { ${name}: run } = await import(${JSON.stringify(BUILT)});
await run(JSON.parse(first), ${JSON.stringify(options)});
`;
}

/** Runs such a program. Whether it was killed. */
export function killedAt(program: string, first: unknown, call: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(first), String(call)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`the child ended with exit code ${code}`));
    });
  });
}

/** Files of a prepared dataset and what is in them; what dataset.json says of the way there is left out. */
export async function datasetContents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashOf = async (name: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(name))
      .digest('hex');
  const pairs = names.map(async (name) => [name.slice(root.length), await hashOf(name)]);
  const files = Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
  const info = JSON.parse(await readFile(join(root, 'dataset.json'), 'utf8')) as { metadata: unknown };
  return { ...files, '/dataset.json': JSON.stringify({ ...info, metadata: undefined }) };
}

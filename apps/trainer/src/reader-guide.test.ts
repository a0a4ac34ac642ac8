import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const main = join(root, 'apps/trainer/dist/main.js');

/** Programs and commands of the guide in order, against the built packages. */
async function runGuide(folder: string, markdown: string): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  const execute = async (name: string, words: readonly string[]): Promise<void> => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, [...words], { cwd: folder, env }).catch((error: Error) => {
      throw new Error(`${name}\n${error.message}`);
    });
    said[name] = stdout;
  };
  for (const [, language, code] of markdown.matchAll(/^```(ts|sh)\n([\s\S]*?)^```$/gm)) {
    if (language === 'ts') {
      const name = /^\/\/ (\S+\.mjs)$/m.exec(code!)![1]!;
      await writeFile(join(folder, name), code!);
      await execute(name, [join(folder, name)]);
      continue;
    }
    for (const line of code!.trim().split('\n')) {
      const [program, ...words] = line.split(' ');
      expect(program).toBe('opposable');
      await execute(words[0]!, [main, ...words]);
    }
  }
  return said;
}

it('the guide to a new reader runs from its first program to its last command', async () => {
  const guide = await readFile(join(root, 'docs/guides/add-a-dataset-reader.md'), 'utf8');
  // inside the trainer, which depends on every package, so that imports resolve as a user's would
  const folder = await mkdtemp(join(here, '../out-tsc-guide-'));
  try {
    const said = await runGuide(folder, guide);
    expect(Object.keys(said)).toEqual(['make-hands.mjs', 'inspect-order', 'read-hands.mjs', 'validate']);
    expect(said['inspect-order']).toContain("order 'panoptic'");
    expect(said['read-hands.mjs']!.trim().split('\n').at(-1)).toBe('12 {}');
    expect(said['validate']).toContain('12 samples');
    expect((await stat(join(folder, 'sheets/train.png'))).size).toBeGreaterThan(1000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);

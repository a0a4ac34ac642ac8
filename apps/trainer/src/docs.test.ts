import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from '@swc/core';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');

/** Every page whose `ts` blocks must run as they stand, against the built packages. */
const PAGES = ['docs/conventions.md', 'README.md'];

function snippetsOf(markdown: string): { line: number; code: string }[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length,
    code: match[1]!,
  }));
}

describe.each(PAGES)('the snippets of %s', (page) => {
  it('run', async () => {
    const snippets = snippetsOf(await readFile(join(root, page), 'utf8'));
    expect(snippets.length).toBeGreaterThan(0);
    // inside the trainer, which depends on every package, so that imports resolve as a user's would
    const folder = await mkdtemp(join(here, '../out-tsc-snippets-'));
    try {
      for (const { line, code } of snippets) {
        const { code: script } = await transform(code, {
          jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
          module: { type: 'es6' },
        });
        const file = join(folder, `line-${line}.mjs`);
        await writeFile(file, script);
        await run(process.execPath, [file], { env: { ...process.env, NODE_OPTIONS: '' } }).catch((error: Error) => {
          throw new Error(`${page}:${line} failed\n${error.message}`);
        });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

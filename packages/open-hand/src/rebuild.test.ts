import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function buildScript(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'tools/build-open-hand/build.mjs');
    if (existsSync(found)) return found;
  }
  throw new Error('tools/build-open-hand/build.mjs is missing.');
}

test('the build script reproduces the shipped asset byte for byte', () => {
  const output = execFileSync(process.execPath, [buildScript(), '--check'], { encoding: 'utf8' });
  expect(output).toContain('is up to date');
}, 60_000);

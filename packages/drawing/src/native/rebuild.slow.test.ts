import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const tool = fileURLToPath(new URL('../../../../tools/build-wasm-kernels.mjs', import.meta.url));

it('scene compiles to the committed bytes', () => {
  const script = `import { generate } from ${JSON.stringify(tool)}; process.stdout.write(await generate('scene'));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr);
  expect(stdout).toBe(readFileSync(fileURLToPath(new URL('../generated/scene.ts', import.meta.url)), 'utf8'));
});

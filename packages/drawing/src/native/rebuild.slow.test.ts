import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const tool = fileURLToPath(new URL('../../../../tools/build-wasm-kernels.mjs', import.meta.url));

it.each(['scene', 'filters'])('%s compiles to the committed bytes', (name) => {
  const script = `import { generate } from ${JSON.stringify(tool)}; process.stdout.write(await generate('${name}'));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr);
  expect(stdout).toBe(readFileSync(fileURLToPath(new URL(`../generated/${name}.ts`, import.meta.url)), 'utf8'));
});

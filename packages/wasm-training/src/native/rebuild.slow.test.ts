import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';

const tool = fileURLToPath(new URL('../../../../tools/build-wasm-kernels.mjs', import.meta.url));

/** Builds in a process of its own: the compiler does not run inside jest's module loader. */
function rebuild(name: string): string {
  const script = `import { generate } from ${JSON.stringify(tool)}; process.stdout.write(await generate(${JSON.stringify(name)}));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

it.each(['gemm', 'parametric-model', 'training'])('%s compiles to the committed bytes', (name) => {
  const committed = readFileSync(fileURLToPath(new URL(`../generated/${name}.ts`, import.meta.url)), 'utf8');
  expect(rebuild(name)).toBe(committed);
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

it('the example of the README trains and scores, as it stands, against the build', async () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(await readFile(join(PACKAGE, 'README.md'), 'utf8'))!;
  const folder = await mkdtemp(join(PACKAGE, 'out-tsc-readme-')); // imports resolve as the package's own do
  try {
    const script = join(folder, 'example.mjs');
    expect(
      code!
        .trim()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(20);
    await writeFile(script, code!);
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const [scores, exported] = stdout.trim().split('\n');
    const numbers = scores!.split(' ').map(Number);
    expect(numbers).toHaveLength(3);
    for (const number of numbers) expect(number).toBeGreaterThan(0);
    expect(exported).toMatch(/hand\.onnx: image \[batch, 64, 64, 3\] → parameters \[batch, 22\], keypoints_2d/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

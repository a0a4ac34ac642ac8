import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRng } from '@opposable/tensor-checks';
import { matFile, matMatrix } from '../test-support/mat-file.js';
import { syntheticSample } from '../test-support/synthetic-sample.js';
import { openPreparedDataset, writeImage } from './index.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

it('the example of the README reads, prepares, writes and loads a dataset, as it stands, against the build', async () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(await readFile(join(PACKAGE, 'README.md'), 'utf8'))!;
  const folder = await mkdtemp(join(PACKAGE, 'out-tsc-readme-')); // imports resolve as the package's own do
  try {
    const raw = join(folder, 'ge-realworld');
    const { keypoints3d, camera, image } = syntheticSample(createRng('readme'), { width: 256, height: 256 });
    await writeImage(join(raw, 'images', '00000.jpg'), image);
    await writeFile(
      join(raw, 'params.mat'),
      matFile([
        matMatrix('bbox', 'int32', [1, 4], [0, 0, 256, 256]),
        matMatrix('cam_param', 'double', [1, 4], [camera![0]!, camera![4]!, camera![2]!, camera![5]!]),
        matMatrix(
          'image_path',
          'char',
          [1, 16],
          [...'images/00000.jpg'].map((character) => character.charCodeAt(0)),
        ),
      ]),
    );
    const pose = [0, 1, 2].flatMap((d) => Array.from({ length: 21 }, (_, k) => keypoints3d![3 * k + d]! / 10));
    await writeFile(join(raw, 'pose_gt.mat'), matFile([matMatrix('pose_gt', 'single', [1, 21, 3], pose)]));

    const script = join(folder, 'example.mjs');
    await writeFile(script, `${code!}\nconsole.log(images.length, keypoints.length);\n`);
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: folder, env });
    expect(stdout.trim()).toBe(`${128 * 128 * 3} 42`);
    const dataset = await openPreparedDataset(join(folder, 'prepared'));
    expect(dataset.annotation('train', 0).side).toBe('right');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

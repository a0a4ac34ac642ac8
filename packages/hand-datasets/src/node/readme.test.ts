import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { prepareSample } from '../index.js';
import { matFile, matMatrix } from '../test-support/mat-file.js';
import { syntheticSample } from '../test-support/synthetic-sample.js';
import { createPreparedDatasetWriter, openPreparedDataset, readers, writeImage } from './index.js';

it('the example of the README reads, prepares, writes and loads a dataset', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
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

    const prepared = join(folder, 'prepared');
    const writer = await createPreparedDatasetWriter(prepared, { imageSize: 128, keypointOrder: 'mano' });
    for await (const sample of readers['ge-realworld'](raw)) {
      await writer.add('train', prepareSample(sample, { keypointOrder: 'mano', side: 'right', size: 128 }));
    }
    await writer.close();
    const dataset = await openPreparedDataset(prepared);
    const { images, keypoints } = await dataset.loadSplit('train');
    expect([images.length, keypoints.length]).toEqual([128 * 128 * 3, 42]);
    expect(dataset.annotation('train', 0).side).toBe('right');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readPickle } from '@opposable/array-files';
import { decodeHeatmaps } from '@opposable/hand-regressor';
import { permutation } from '@opposable/keypoint-order';
import { readPackedHeatmaps } from './heatmap-files.js';
import { fromHeatmapBytes } from './packed-heatmaps.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/samples/boukhayma-3dhand/cropped/', import.meta.url));
const present = existsSync(FOLDER);
if (!present) console.warn(`skipped: no ${FOLDER}`);

(present ? describe : describe.skip)('the published detector maps of 3dhand', () => {
  it.each([0, 2])('of crop %i lie on its labels, joint by joint', async (row) => {
    const bytes = await readPackedHeatmaps(`${FOLDER}${row}`);
    expect(bytes.size).toBe(320);
    const { keypoints, confidence } = decodeHeatmaps(fromHeatmapBytes(bytes), [1, 320, 320, 21], 'argmax');
    const labels = (await readPickle(await readFile(`${FOLDER}labels.pickle`), {
      encoding: 'latin1',
    } as never)) as unknown as {
      data: ArrayLike<number>;
    }[];
    const truth = labels[row]!.data;
    const from = permutation('mano', 'panoptic');
    const distances = Array.from({ length: 21 }, (_, k) =>
      Math.hypot(keypoints[2 * k]! - truth[2 * from[k]!]!, keypoints[2 * k + 1]! - truth[2 * from[k]! + 1]!),
    ).filter((_, k) => confidence[k]! > 0.2);
    expect(distances.length).toBeGreaterThan(10);
    distances.sort((a, b) => a - b);
    // a detector's output: some joints are missed, the middle one is not
    expect(distances[distances.length >> 1]).toBeLessThan(12);
  });
});

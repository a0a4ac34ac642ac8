import type { MappedSample } from '../mapped-sample.js';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { augmentSample } from '../augmentation/augment-sample.js';
import { noiseTable } from '../augmentation/change-colors.js';
import { writeSampleRow } from '../sample-row.js';
import type { LoaderBuffers } from './buffers.js';
import type { RowSettings } from './types.js';

/** Makes rows of batches from samples: what a sample becomes depends on the seed and its position alone. */
export function rowMaker(
  settings: RowSettings,
): (buffers: LoaderBuffers, row: number, sample: MappedSample, position: number) => void {
  const { imageSize, maskSize, heatmapSize, augmentation, needsParameters } = settings;
  const rng = createRng(settings.seed).split('augmentation');
  const table = noiseTable(rng.split('noise'));
  const pixels = imageSize * imageSize * 3;
  const cells = maskSize * maskSize;
  const mapCells = (heatmapSize ?? 0) ** 2 * 21;
  return (buffers, row, sample, position) => {
    if (needsParameters && sample.handParameters === undefined) {
      throw new DatasetError(
        `pretrain: expected samples with the 22 numbers (synthetic hands have them), got sample '${sample.id}' without.`,
        { expected: 'handParameters', actual: undefined },
      );
    }
    const mask = buffers.masks.subarray(row * cells, (row + 1) * cells);
    const image = buffers.images.subarray(row * pixels, (row + 1) * pixels);
    if (sample.mask === undefined) mask.fill(0);
    buffers.maskValid[row] = sample.mask === undefined ? 0 : 1;
    const heatmaps = buffers.heatmaps?.subarray(row * mapCells, (row + 1) * mapCells);
    const where = { image, mask, size: imageSize, maskSize, ...(heatmaps && { heatmaps, heatmapSize }) };
    const annotation = augmentSample(sample, rng.split(position), augmentation, where, table);
    writeSampleRow(buffers, row, annotation, imageSize, 'loader');
  };
}

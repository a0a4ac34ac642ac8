import { contactSheet, encodePng, type RgbImage } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { createRng } from '@opposable/tensor-checks';
import type { TrainingArrays } from '../data/training-arrays.js';
import { enlarge } from '../pictures/render-hand.js';
import { heatmapBatch } from './heatmap-batches.js';
import { mapsOverImage } from './heatmap-pictures.js';
import { type HeatmapRun, mapSizeOf } from './heatmap-run.js';
import type { HeatmapSettings } from './types.js';

const SIZE = 128;

/** A sheet of what training sees: each image as it is stored, and as the network gets it, with its maps. */
export async function writeSampleSheet(
  path: string,
  run: HeatmapRun,
  arrays: TrainingArrays,
  settings: HeatmapSettings,
  count: number,
): Promise<void> {
  const rng = createRng(settings.seed).split('sample sheet');
  const { coding, augmentation } = settings;
  const mapSize = mapSizeOf(run);
  const indices = rng.permutation(arrays.count).subarray(0, count);
  const batch = heatmapBatch(arrays, indices, { mapSize, coding, augmentation, rng, raw: true });
  const [pixels, maps] = await Promise.all([batch.images.data(), batch.maps.data()]).finally(() => batch.dispose());
  const side = arrays.imageSize;
  const pictures: RgbImage[] = [];
  const labels: string[] = [];
  batch.samples!.forEach(({ name, image }, b) => {
    const seen = pixels.subarray(b * side * side * 3, (b + 1) * side * side * 3);
    const data = Uint8Array.from(seen.map((value) => 255 * value + 0.5));
    const own = maps.subarray(b * mapSize * mapSize * 21, (b + 1) * mapSize * mapSize * 21);
    pictures.push(enlarge(image, SIZE), mapsOverImage({ width: side, height: side, data }, own, mapSize, SIZE));
    labels.push(name, 'as trained');
  });
  await writeFileAtomic(path, encodePng(contactSheet(pictures, { columns: 8, labels })));
}

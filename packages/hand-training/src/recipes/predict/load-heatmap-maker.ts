import * as tf from '@tensorflow/tfjs-core';
import { loadHeatmapRun, mapSizeOf } from '../../heatmaps/heatmap-run.js';
import { toHeatmapBytes } from '../../heatmaps/packed-heatmaps.js';
import { mapsOf } from '../../heatmaps/predict-maps.js';
import type { HeatmapMaker } from '../predict-hand.js';

/**
 * The network of a heat-map run as what makes the maps for another network, in bytes as `writeHeatmaps` stores them.
 *
 * @throws FileFormatError for a bad checkpoint
 */
export async function loadHeatmapMaker(checkpoint: string): Promise<HeatmapMaker & { dispose(): void }> {
  const run = await loadHeatmapRun(checkpoint);
  const size = mapSizeOf(run);
  const { inputSize } = run.info.network;
  return {
    inputSize,
    async mapsOf({ data }) {
      const pixels = Float32Array.from(data, (byte) => byte / 255);
      const images = tf.tensor4d(pixels, [1, inputSize, inputSize, 3]);
      try {
        return toHeatmapBytes(await mapsOf(run, images), size);
      } finally {
        images.dispose();
      }
    },
    dispose: () => run.dispose(),
  };
}

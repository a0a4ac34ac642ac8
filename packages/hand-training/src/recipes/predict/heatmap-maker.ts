import * as tf from '@tensorflow/tfjs-core';
import { unitFloats } from '../../data/unit-floats.js';
import { type HeatmapRun, mapSizeOf } from '../../heatmaps/heatmap-run.js';
import { toHeatmapBytes } from '../../heatmaps/packed-heatmaps.js';
import { mapsOf } from '../../heatmaps/predict-maps.js';
import type { HeatmapMaker } from '../predict-hand.js';

/** A heat-map network as what makes the maps for another network, in bytes as `writeHeatmaps` stores them. */
export function heatmapMaker(run: HeatmapRun): HeatmapMaker {
  const size = mapSizeOf(run);
  const { inputSize } = run.info.network;
  return {
    inputSize,
    async mapsOf({ data }) {
      const images = tf.tensor4d(unitFloats(data), [1, inputSize, inputSize, 3]);
      try {
        return toHeatmapBytes(await mapsOf(run, images), size);
      } finally {
        images.dispose();
      }
    },
  };
}

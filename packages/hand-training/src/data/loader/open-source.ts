import { createRenderBuffers } from '@opposable/drawing';
import type { HandSample } from '@opposable/hand-datasets';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { openHeatmaps } from '../../heatmaps/stored-heatmaps.js';
import type { MappedSample } from '../mapped-sample.js';
import { findRunHand } from '../../run/read-run-hand.js';
import type { IndexedSource } from './types.js';

export interface OpenSource {
  /** Infinity where there is no end. */
  readonly count: number;
  load(index: number): Promise<MappedSample> | MappedSample;
  /** Side of the heat maps, where they come with it. */
  readonly heatmapSize?: number | undefined;
}

/** @throws DatasetError if a prepared dataset cannot be opened; ConfigError for a split that it does not have */
export async function openSource(source: IndexedSource): Promise<OpenSource> {
  switch (source.kind) {
    case 'prepared': {
      const dataset = await openPreparedDataset(source.prepared);
      const count = dataset.count(source.split);
      if (source.heatmaps !== true) return { count, load: (index) => dataset.load(source.split, index) };
      const maps = await openHeatmaps(dataset, source.split);
      return {
        count,
        heatmapSize: maps.size,
        load: async (index) => {
          const [sample, heatmaps] = await Promise.all([dataset.load(source.split, index), maps.read(index)]);
          return { ...sample, heatmaps };
        },
      };
    }
    case 'samples':
      return { count: source.samples.length, load: (index) => source.samples[index]! };
    case 'synthetic': {
      const { kind: _kind, count = Infinity, hand = 'open-hand', ...how } = source;
      const { model } = await findRunHand(hand);
      const buffers = createRenderBuffers(); // a renderer for each hand would take twice as long as the hand
      return {
        count,
        load: (index) =>
          streamSyntheticHands({ ...how, buffers, model, start: index, count: 1 }).next().value as HandSample,
      };
    }
  }
}

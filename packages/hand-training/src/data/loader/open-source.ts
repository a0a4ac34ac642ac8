import type { HandSample } from '@opposable/hand-datasets';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import type { IndexedSource } from './types.js';

export interface OpenSource {
  /** Infinity where there is no end. */
  readonly count: number;
  load(index: number): Promise<HandSample> | HandSample;
}

/** @throws DatasetError if a prepared dataset cannot be opened; ConfigError for a split that it does not have */
export async function openSource(source: IndexedSource): Promise<OpenSource> {
  switch (source.kind) {
    case 'prepared': {
      const dataset = await openPreparedDataset(source.prepared);
      return { count: dataset.count(source.split), load: (index) => dataset.load(source.split, index) };
    }
    case 'samples':
      return { count: source.samples.length, load: (index) => source.samples[index]! };
    case 'synthetic': {
      const { kind: _kind, count = Infinity, ...how } = source;
      const model = loadOpenHand('right');
      return {
        count,
        load: (index) => streamSyntheticHands({ ...how, model, start: index, count: 1 }).next().value as HandSample,
      };
    }
  }
}

import type { HandSample } from '@opposable/hand-datasets';
import type { HeatmapBytes } from '../heatmaps/packed-heatmaps.js';

/** A sample, with heat maps where the network takes them beside the image. */
export interface MappedSample extends HandSample {
  readonly heatmaps?: HeatmapBytes | undefined;
}

/** Samples with their heat maps. */
export async function* withHeatmaps(
  samples: AsyncIterable<HandSample>,
  read: (index: number) => Promise<HeatmapBytes>,
): AsyncGenerator<MappedSample> {
  let index = 0;
  for await (const sample of samples) yield { ...sample, heatmaps: await read(index++) };
}

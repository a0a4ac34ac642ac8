import { resolve } from 'node:path';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import type { StageSource } from '../load-stage-data.js';

/** One data source as a checkpoint remembers it. */
export type SourceIdentity = Readonly<Record<string, unknown>>;

/**
 * What data sources are, wherever they lie: a prepared dataset by the hash of its split, everything else by its settings.
 *
 * @throws DatasetError for a prepared dataset that cannot be opened
 */
export async function identifySources(sources: readonly StageSource[]): Promise<SourceIdentity[]> {
  return Promise.all(
    sources.map(async ({ weight = 1, ...source }): Promise<SourceIdentity> => {
      if ('prepared' in source) {
        const { info } = await openPreparedDataset(source.prepared);
        return { split: source.split, sha256: info.splits[source.split]?.sha256, weight };
      }
      const found = 'root' in source ? { ...source, root: resolve(source.root), weight } : { ...source, weight };
      return JSON.parse(JSON.stringify(found)) as SourceIdentity; // as it comes back from a checkpoint
    }),
  );
}

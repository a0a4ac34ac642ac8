import { randomUUID } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { removePartialFiles, writeFileAtomic } from '../images/write-image.js';
import type { ReaderReport } from '../readers/types.js';
import { openWorkFolder, type WorkFolder } from '../work-folder.js';
import type { PackedRecords } from '../readers/pack-records.js';
import type { ChunkResult } from './prepare-chunk.js';
import { type ChunkPlaces, readChunkRecords } from './record-store.js';

/** What is known of one source when its annotations have been read to their end. */
export interface SourceReport {
  /** Number of records given by the reader. */
  readonly records: number;
  readonly chunks: number;
  /** Where the records of each chunk lie. */
  readonly places: ChunkPlaces;
  readonly dropped: ReaderReport['dropped'];
  readonly problems: ReaderReport['problems'];
}

/**
 * The folder in which a dataset grows, `<out>.preparing`: images and masks at their final names, one file per finished
 * chunk in chunks/, one per source in sources/ with its records in records/, and plan.json with the configuration they
 * belong to. A chunk or source whose file is there is complete; any other is made anew. So annotations are read once,
 * whatever is killed afterwards.
 */
export interface ChunkStore extends WorkFolder<ChunkResult> {
  /**
   * Has the records of a source written down, then what is known of it. Shards may do so at the same time.
   *
   * @param write writes the records to a file, or leaves none
   */
  writeSource(name: string, write: (path: string) => Promise<SourceReport>): Promise<SourceReport>;
  readSource(name: string): Promise<SourceReport | undefined>;
  /** The records of a source that is complete, chunk after chunk. */
  chunkRecords(name: string, places: ChunkPlaces): AsyncGenerator<PackedRecords, void, undefined>;
}

/** Everything that decides the bytes: where it is written does not. */
function fingerprint(config: PrepareConfig, chunkSize: number): string {
  const { out: _, ...rest } = config;
  return `${JSON.stringify({ chunkSize, ...rest }, undefined, 2)}\n`;
}

/**
 * Opens the folder, or makes it.
 *
 * @param out folder of the finished dataset
 * @param restart throws away what is there
 * @throws DatasetError if another configuration was begun there
 */
export async function openChunkStore(
  out: string,
  config: PrepareConfig,
  { chunkSize, restart = false }: { readonly chunkSize: number; readonly restart?: boolean | undefined },
): Promise<ChunkStore> {
  const folder = `${out}.preparing`;
  const splits = Object.keys(config.splits);
  const work = await openWorkFolder<ChunkResult>(folder, fingerprint(config, chunkSize), {
    folders: ['sources', 'records', ...splits.flatMap((split) => [join('images', split), join('masks', split)])],
    restart,
    operation: 'prepareDataset',
  });
  const recordsPath = (name: string): string => join(folder, 'records', name);
  const sourcePath = (name: string): string => join(folder, 'sources', `${name}.json`);
  return {
    ...work,
    async writeSource(name, write) {
      const path = recordsPath(name);
      const partial = `${path}.${randomUUID()}.partial`;
      const report = await write(partial);
      await rename(partial, path);
      await writeFileAtomic(sourcePath(name), JSON.stringify(report));
      return report;
    },
    chunkRecords: (name, places) => readChunkRecords(recordsPath(name), places),
    readSource: (name) =>
      readFile(sourcePath(name), 'utf8').then(
        (text) => JSON.parse(text) as SourceReport,
        () => undefined,
      ),
    async finish() {
      await removePartialFiles(folder);
      for (const part of ['sources', 'records']) await rm(join(folder, part), { recursive: true, force: true });
      for (const split of splits) {
        for (const kind of ['images', 'masks']) await removePartialFiles(join(folder, kind, split));
      }
      await work.finish();
    },
  };
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { removePartialFiles, writeFileAtomic } from '../images/write-image.js';
import type { ReaderReport } from '../readers/types.js';
import { openWorkFolder, type WorkFolder } from '../work-folder.js';
import type { ChunkResult } from './prepare-chunk.js';

/** What is known of one source when its annotations have been read to their end. */
export interface SourceReport {
  /** Number of records given by the reader. */
  readonly records: number;
  readonly chunks: number;
  readonly dropped: ReaderReport['dropped'];
  readonly problems: ReaderReport['problems'];
}

/**
 * The folder in which a dataset grows, `<out>.preparing`: images and masks at their final names, one file per finished
 * chunk in chunks/, one per source in sources/, and plan.json with the configuration they belong to. A chunk whose file is
 * there is complete; any other is made anew.
 */
export interface ChunkStore extends WorkFolder<ChunkResult> {
  writeSource(name: string, report: SourceReport): Promise<void>;
  readSource(name: string): Promise<SourceReport | undefined>;
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
    folders: ['sources', ...splits.flatMap((split) => [join('images', split), join('masks', split)])],
    restart,
    operation: 'prepareDataset',
  });
  const sourcePath = (name: string): string => join(folder, 'sources', `${name}.json`);
  return {
    ...work,
    writeSource: (name, report) => writeFileAtomic(sourcePath(name), JSON.stringify(report)),
    readSource: (name) =>
      readFile(sourcePath(name), 'utf8').then(
        (text) => JSON.parse(text) as SourceReport,
        () => undefined,
      ),
    async finish() {
      await rm(join(folder, 'sources'), { recursive: true, force: true });
      for (const split of splits) {
        for (const kind of ['images', 'masks']) await removePartialFiles(join(folder, kind, split));
      }
      await work.finish();
    },
  };
}

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetError } from '../../dataset-error.js';
import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { writeFileAtomic } from '../images/write-image.js';
import type { ReaderReport } from '../readers/types.js';
import type { ChunkResult } from './prepare-chunk.js';

const PLAN = 'plan.json';

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
export interface ChunkStore {
  readonly folder: string;
  /** Names of the chunks that are complete. */
  readonly done: ReadonlySet<string>;
  writeChunk(name: string, result: ChunkResult): Promise<void>;
  readChunk(name: string): Promise<ChunkResult>;
  writeSource(name: string, report: SourceReport): Promise<void>;
  readSource(name: string): Promise<SourceReport | undefined>;
  /** Removes what only the work needed. */
  finish(): Promise<void>;
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
  if (restart) await rm(folder, { recursive: true, force: true });
  const plan = fingerprint(config, chunkSize);
  const found = await readFile(join(folder, PLAN), 'utf8').catch(() => undefined);
  if (found !== undefined && found !== plan) {
    throw datasetError(
      'prepareDataset',
      `${folder} was begun with another configuration (see its ${PLAN}); restart to throw it away, or give another folder`,
      { expected: plan, actual: found },
    );
  }
  for (const split of Object.keys(config.splits)) {
    await mkdir(join(folder, 'images', split), { recursive: true });
    await mkdir(join(folder, 'masks', split), { recursive: true });
  }
  await mkdir(join(folder, 'chunks'), { recursive: true });
  await mkdir(join(folder, 'sources'), { recursive: true });
  if (found === undefined) await writeFileAtomic(join(folder, PLAN), plan);
  const names = (await readdir(join(folder, 'chunks'))).filter((name) => name.endsWith('.json'));
  const done = new Set(names.map((name) => name.slice(0, -'.json'.length)));
  const read = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
  return {
    folder,
    done,
    async writeChunk(name, result) {
      await writeFileAtomic(join(folder, 'chunks', `${name}.json`), JSON.stringify(result));
      done.add(name);
    },
    readChunk: (name) => read<ChunkResult>(join('chunks', `${name}.json`)),
    writeSource: (name, report) => writeFileAtomic(join(folder, 'sources', `${name}.json`), JSON.stringify(report)),
    readSource: (name) => read<SourceReport>(join('sources', `${name}.json`)).catch(() => undefined),
    async finish() {
      for (const part of ['chunks', 'sources', PLAN]) await rm(join(folder, part), { recursive: true, force: true });
    },
  };
}

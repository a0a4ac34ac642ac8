import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetError } from '../dataset-error.js';
import { writeFileAtomic } from './images/write-image.js';

const PLAN = 'plan.json';
const CHUNKS = 'chunks';

/** A folder in which long work grows: plan.json says what work, chunks/ holds one file per finished part. */
export interface WorkFolder<Result> {
  readonly folder: string;
  /** Names of the chunks that are complete. */
  readonly done: ReadonlySet<string>;
  writeChunk(name: string, result: Result): Promise<void>;
  readChunk(name: string): Promise<Result>;
  /** Removes what only the work needed. */
  finish(): Promise<void>;
}

/** What was begun in a folder, undefined if nothing. */
export async function readPlan(folder: string): Promise<string | undefined> {
  return readFile(join(folder, PLAN), 'utf8').catch(() => undefined);
}

/**
 * Opens the folder, or makes it.
 *
 * @param plan all that decides the bytes of the result
 * @param options `folders`: made in it; `restart`: throws away what is there
 * @throws DatasetError if work with another plan was begun there and a part of it is done
 */
export async function openWorkFolder<Result>(
  folder: string,
  plan: string,
  options: {
    readonly folders: readonly string[];
    readonly restart?: boolean | undefined;
    readonly operation: string;
  },
): Promise<WorkFolder<Result>> {
  const begun = await readPlan(folder);
  const isEmpty = begun !== undefined && (await readdir(join(folder, CHUNKS)).catch(() => [])).length === 0;
  // a folder of the same plan may belong to a shard that has just begun
  if (options.restart || (isEmpty && begun !== plan)) await rm(folder, { recursive: true, force: true });
  const found = await readPlan(folder);
  if (found !== undefined && found !== plan) {
    throw datasetError(
      options.operation,
      `${folder} was begun with another configuration (see its ${PLAN}); restart to throw it away, or give another folder`,
      { expected: plan, actual: found },
    );
  }
  for (const name of [CHUNKS, ...options.folders]) await mkdir(join(folder, name), { recursive: true });
  if (found === undefined) await writeFileAtomic(join(folder, PLAN), plan);
  const names = (await readdir(join(folder, CHUNKS))).filter((name) => name.endsWith('.json'));
  const done = new Set(names.map((name) => name.slice(0, -'.json'.length)));
  const pathOf = (name: string): string => join(folder, CHUNKS, `${name}.json`);
  return {
    folder,
    done,
    async writeChunk(name, result) {
      await writeFileAtomic(pathOf(name), JSON.stringify(result));
      done.add(name);
    },
    readChunk: async (name) => JSON.parse(await readFile(pathOf(name), 'utf8')) as Result,
    async finish() {
      for (const part of [CHUNKS, PLAN]) await rm(join(folder, part), { recursive: true, force: true });
    },
  };
}

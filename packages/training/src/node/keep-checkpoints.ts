import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainingError } from '../training-error.js';
import { storeTensors } from '../stored-state.js';
import { type LoadedCheckpoint, loadCheckpoint } from './load-checkpoint.js';
import { type Checkpoint, saveCheckpoint, type SaveCheckpointOptions } from './save-checkpoint.js';

export interface KeepCheckpointsOptions extends SaveCheckpointOptions {
  /** Newest checkpoints that are kept. Default 3. */
  readonly last?: number;
}

/** The checkpoints of a run: the last few by iteration, and the best. */
export interface KeptCheckpoints {
  /** Writes `<folder>/step-<iteration>` and removes the oldest beyond the number kept. @returns its path */
  save(iteration: number, checkpoint: Checkpoint): Promise<string>;
  /** Writes `<folder>/best`, replacing the one before. @returns its path */
  saveBest(checkpoint: Checkpoint): Promise<string>;
}

const PREFIX = 'step-';
const BEST = 'best';

function nameOf(iteration: number): string {
  return `${PREFIX}${String(iteration).padStart(8, '0')}`;
}

/** Iterations with a checkpoint, oldest first. */
async function iterationsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .flatMap((name) => /^step-(\d+)(\.previous)?$/.exec(name)?.[1] ?? [])
    .map(Number)
    .filter((iteration, i, all) => all.indexOf(iteration) === i)
    .sort((a, b) => a - b);
}

/**
 * Keeps the last few checkpoints of a run and its best in a folder. Nothing is removed before its successor is complete.
 *
 * A save throws TrainingError if a number is not finite: gradients can spoil the variables one step before the loss shows it.
 *
 * @param folder of which no other process makes use
 */
export function keepCheckpoints(folder: string, options: KeepCheckpointsOptions = {}): KeptCheckpoints {
  const { last = 3, ...how } = options;
  const write = async (name: string, iteration: number, checkpoint: Checkpoint): Promise<string> => {
    await checkFinite(checkpoint.variables, iteration);
    const path = join(folder, name);
    await saveCheckpoint(path, checkpoint, how);
    return path;
  };
  return {
    async save(iteration, checkpoint) {
      const path = await write(nameOf(iteration), iteration, checkpoint);
      const all = await iterationsIn(folder);
      for (const old of all.slice(0, Math.max(0, all.length - last))) {
        if (old === iteration) continue;
        await rm(join(folder, nameOf(old)), { recursive: true, force: true });
        await rm(join(folder, `${nameOf(old)}.previous`), { recursive: true, force: true });
      }
      await removeLeftovers(folder);
      return path;
    },
    saveBest: (checkpoint) => write(BEST, checkpoint.optimizerState?.step ?? 0, checkpoint),
  };
}

/** What processes that were killed while writing have left. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((each) => /\.writing-\d+$/.test(each))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * The newest checkpoint of a folder that is whole.
 *
 * @param options `before`: only those of fewer iterations
 * @returns undefined if there is none; `damaged` names newer ones that could not be read
 */
export async function loadLastCheckpoint(
  folder: string,
  { before = Infinity }: { readonly before?: number } = {},
): Promise<(LoadedCheckpoint & { path: string; iteration: number; damaged: readonly string[] }) | undefined> {
  const damaged: string[] = [];
  for (const iteration of (await iterationsIn(folder)).reverse()) {
    if (iteration >= before) continue;
    const path = join(folder, nameOf(iteration));
    try {
      return { ...(await loadCheckpoint(path)), path, iteration, damaged };
    } catch (error) {
      damaged.push((error as Error).message);
    }
  }
  return undefined;
}

async function checkFinite(variables: Checkpoint['variables'], iteration: number): Promise<void> {
  for (const [name, { data }] of Object.entries(await storeTensors(variables))) {
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) continue;
    throw new TrainingError(
      `keepCheckpoints: expected finite variables, got ${data[wrong]} in "${name}" after iteration ${iteration}; no checkpoint is written.`,
      { expected: 'finite numbers', actual: data[wrong], iteration, terms: {} },
    );
  }
}

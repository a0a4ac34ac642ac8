import type * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeSafetensors } from '@opposable/array-files';
import type { OptimizerState } from '../optimizers/types.js';
import { storeOptimizerState, type StoredTensors, storeTensors } from '../stored-state.js';
import {
  CHECKPOINT_FILES,
  CHECKPOINT_FORMAT,
  type CheckpointManifest,
  previousOf,
  SLOT_SEPARATOR,
} from './checkpoint-format.js';
import { asWriteError } from './write-error.js';

export interface Checkpoint {
  /** Everything to be restored: trained variables, running averages. */
  variables: Readonly<Record<string, tf.Tensor>>;
  optimizerState?: OptimizerState;
  /** Anything that JSON can hold: iteration, states of random numbers, configuration. */
  state?: unknown;
}

export interface SaveCheckpointOptions {
  /** Writes one file so that it outlasts a power cut. Default: write and sync. */
  readonly writeFile?: (path: string, bytes: Uint8Array) => Promise<void>;
}

/**
 * Writes a checkpoint folder: weights.safetensors, optimizer.safetensors and state.json.
 *
 * All is written to a folder beside it and renamed, so that a process that dies at any moment leaves either the old
 * checkpoint or the new one, complete. An older checkpoint of the same name is replaced.
 *
 * @param folder path of the checkpoint; missing parents are made
 * @throws WriteError if the disk is full or cannot be written to; the older checkpoint is intact then
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  { writeFile = writeDurably }: SaveCheckpointOptions = {},
): Promise<void> {
  const target = resolve(folder);
  const files: Record<string, Uint8Array> = {
    [CHECKPOINT_FILES.weights]: writeSafetensors(await storeTensors(checkpoint.variables)),
  };
  let optimizerStep: number | null = null;
  if (checkpoint.optimizerState) {
    const { step, slots } = await storeOptimizerState(checkpoint.optimizerState);
    const flat: [string, StoredTensors[string]][] = Object.entries(slots).flatMap(([slot, tensors]) =>
      Object.entries(tensors).map(
        ([name, tensor]) => [`${slot}${SLOT_SEPARATOR}${name}`, tensor] as [string, StoredTensors[string]],
      ),
    );
    files[CHECKPOINT_FILES.optimizer] = writeSafetensors(Object.fromEntries(flat));
    optimizerStep = step;
  }
  const manifest: CheckpointManifest = {
    format: CHECKPOINT_FORMAT,
    optimizerStep,
    sha256: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)])),
    state: checkpoint.state ?? null,
  };
  files[CHECKPOINT_FILES.state] = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);

  const temporary = `${target}.writing-${process.pid}`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(temporary, name), bytes);
    await replaceFolder(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw asWriteError('saveCheckpoint', folder, error);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder cannot be renamed over another one: the old one steps aside first, where `loadCheckpoint` also looks. */
async function replaceFolder(temporary: string, target: string): Promise<void> {
  const previous = previousOf(target);
  const exists = await rename(temporary, target).then(
    () => false,
    (error: NodeJS.ErrnoException) => {
      if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code ?? '')) return true;
      throw error;
    },
  );
  if (exists) {
    await rm(previous, { recursive: true, force: true });
    await rename(target, previous);
    await rename(temporary, target);
  }
  await rm(previous, { recursive: true, force: true });
}

import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseSafetensors } from '@opposable/array-files';
import { FileFormatError } from '@opposable/tensor-checks';
import type { StoredOptimizerState, StoredTensor, StoredTensors } from '../stored-state.js';
import {
  CHECKPOINT_FILES,
  CHECKPOINT_FORMAT,
  type CheckpointManifest,
  previousOf,
  SLOT_SEPARATOR,
} from './checkpoint-format.js';
import { sha256 } from './save-checkpoint.js';

/** What {@link saveCheckpoint} wrote, on the host: no tensor is made. */
export interface LoadedCheckpoint {
  /** For `restoreVariables`. */
  variables: StoredTensors;
  /** For `restoreOptimizerState`; absent if none was saved. */
  optimizerState?: StoredOptimizerState;
  state: unknown;
}

/**
 * Reads a checkpoint folder and checks it against the sums that were written with it.
 *
 * @throws FileFormatError if it is missing, incomplete or damaged
 */
export async function loadCheckpoint(folder: string): Promise<LoadedCheckpoint> {
  const target = await existingFolder(resolve(folder), folder);
  const manifest = parseManifest(await read(target, CHECKPOINT_FILES.state), folder);
  const variables = await readTensors(target, CHECKPOINT_FILES.weights, manifest);
  const { state } = manifest;
  if (manifest.optimizerStep === null) return { variables, state };
  const slots: Record<string, Record<string, StoredTensor>> = {};
  for (const [key, tensor] of Object.entries(await readTensors(target, CHECKPOINT_FILES.optimizer, manifest))) {
    const split = key.indexOf(SLOT_SEPARATOR);
    (slots[key.slice(0, split)] ??= {})[key.slice(split + 1)] = tensor;
  }
  return { variables, optimizerState: { step: manifest.optimizerStep, slots }, state };
}

async function existingFolder(target: string, folder: string): Promise<string> {
  for (const candidate of [target, previousOf(target)]) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isDirectory()) return candidate;
  }
  throw new FileFormatError(`loadCheckpoint: expected a checkpoint folder at ${folder}, found none.`, {
    actual: folder,
  });
}

async function read(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw new FileFormatError(`loadCheckpoint: expected the file ${name} in ${folder}, found none that can be read.`, {
      expected: Object.values(CHECKPOINT_FILES),
      cause,
    });
  }
}

function parseManifest(bytes: Uint8Array, folder: string): CheckpointManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FileFormatError(`loadCheckpoint: ${CHECKPOINT_FILES.state} in ${folder} is damaged: it is not JSON.`, {
      cause,
    });
  }
  const manifest = (typeof value === 'object' && value !== null ? value : {}) as Partial<CheckpointManifest>;
  const { format, sha256: sums, optimizerStep } = manifest;
  const stepIsFine = optimizerStep === null || (Number.isInteger(optimizerStep) && optimizerStep! >= 0);
  if (format !== CHECKPOINT_FORMAT || typeof sums !== 'object' || sums === null || !stepIsFine) {
    throw new FileFormatError(
      `loadCheckpoint: expected format "${CHECKPOINT_FORMAT}" in ${CHECKPOINT_FILES.state} of ${folder}, got ${JSON.stringify(format)}.`,
      { expected: CHECKPOINT_FORMAT, actual: format },
    );
  }
  return manifest as CheckpointManifest;
}

async function readTensors(folder: string, name: string, manifest: CheckpointManifest): Promise<StoredTensors> {
  const bytes = await read(folder, name);
  const sum = sha256(bytes);
  if (sum !== manifest.sha256[name]) {
    throw new FileFormatError(
      `loadCheckpoint: ${name} in ${folder} is damaged: its SHA-256 is not the one in ${CHECKPOINT_FILES.state}.`,
      { expected: manifest.sha256[name], actual: sum },
    );
  }
  return parseSafetensors(bytes).tensors as unknown as StoredTensors;
}

import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { names, skeleton } from '@opposable/keypoint-order';
import { datasetError } from '../../dataset-error.js';
import { PREPARED_FORMAT, PREPARED_FORMAT_VERSION, type PreparedDatasetInfo } from '../../prepared/schema.js';

/**
 * Makes sure that a dataset can be written to a folder: it is new, empty, or a prepared dataset that may be replaced.
 *
 * @throws DatasetError naming what stands there
 */
export async function checkTarget(target: string, overwrite: boolean, operation: string): Promise<void> {
  const entries = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw datasetError(operation, `${target} cannot be a dataset's folder (${error.code})`, { cause: error });
  });
  if (entries === undefined || entries.length === 0) return;
  const isDataset = entries.includes('dataset.json');
  if (overwrite && isDataset) return;
  const advice = isDataset ? 'holds a prepared dataset; set overwrite to replace it' : 'holds other files';
  throw datasetError(operation, `expected a folder that is new or empty, but ${target} ${advice}`, {
    expected: 'a new or empty folder',
    actual: entries.slice(0, 8),
  });
}

/** Puts the finished folder in place of whatever stands there. */
export async function moveIntoPlace(finished: string, target: string): Promise<void> {
  const replaced = `${target}.replaced-${randomUUID()}`;
  const hadTarget = await rename(target, replaced).then(
    () => true,
    () => false,
  );
  try {
    await rename(finished, target);
  } catch (cause) {
    if (hadTarget) await rename(replaced, target);
    throw cause;
  }
  if (hadTarget) await rm(replaced, { recursive: true, force: true });
}

/** COCO's list of categories: one, the hand. */
export function datasetCategories(keypointOrder: string): readonly object[] {
  return [{ id: 1, name: 'hand', keypoints: names(keypointOrder), skeleton: skeleton(keypointOrder) }];
}

/** Writes dataset.json. @returns what it says */
export async function writeDatasetInfo(
  root: string,
  fields: Omit<PreparedDatasetInfo, 'format' | 'format_version'>,
): Promise<PreparedDatasetInfo> {
  const info: PreparedDatasetInfo = { format: PREPARED_FORMAT, format_version: PREPARED_FORMAT_VERSION, ...fields };
  await writeFile(join(root, 'dataset.json'), `${JSON.stringify(info, undefined, 2)}\n`);
  return info;
}

import { type DroppedRecord, dropRecord } from '../../records.js';
import type { DatasetFolder } from '../dataset-folder.js';

interface Pictures {
  /** Folder of the pictures; there need not be one. */
  readonly folder: string;
  /** What their names look like; other files do not count. */
  readonly names: RegExp;
  /** How many the annotations tell of. */
  readonly annotated: number;
  /** File of the annotations, for messages. */
  readonly where: string;
}

/**
 * Reports pictures that are more than the annotations tell of, in one sentence. Where they are fewer, nothing is said: every
 * record without its picture is counted by itself.
 */
export async function surplusPictures(
  dataset: DatasetFolder,
  { folder, names, annotated, where }: Pictures,
): Promise<DroppedRecord[]> {
  if (!(await dataset.has(folder))) return [];
  const found = (await dataset.list(folder)).filter((name) => names.test(name)).length;
  if (found <= annotated) return [];
  const message = `expected annotations of all ${found} pictures in ${folder}, got those of ${annotated}`;
  return [dropRecord('wrong counts', where, message)];
}

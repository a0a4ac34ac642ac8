import { type DroppedRecord, dropRecord } from '../../records.js';
import type { DatasetFolder } from '../dataset-folder.js';

interface Pictures {
  /** Folder of the pictures; there need not be one. */
  readonly folder: string;
  /** Whether an annotation tells of the file; those with other endings do not count. */
  readonly isAnnotated: (name: string) => boolean;
  /** File of the annotations, for messages. */
  readonly where: string;
}

const PICTURE = /\.(jpe?g|png)$/i;

/** Reports each picture of a folder that no annotation tells of. Where only their number is known, see `surplusPictures`. */
export async function unannotatedPictures(
  dataset: DatasetFolder,
  { folder, isAnnotated, where }: Pictures,
): Promise<DroppedRecord[]> {
  if (!(await dataset.has(folder))) return [];
  return (await dataset.list(folder))
    .filter((name) => PICTURE.test(name) && !isAnnotated(name))
    .map((name) => dropRecord('missing annotation', `${folder}/${name}`, `there is no record of it in ${where}`));
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePublishedCurve } from '@opposable/metrics';
import { DatasetError } from '@opposable/tensor-checks';
import type { NamedCurve } from './pck-charts.js';

/**
 * The curves in a folder, one text file each.
 *
 * @throws DatasetError if there is no folder or no file in it; FileFormatError for a file that is no curve
 */
export async function readPublished(folder: string): Promise<NamedCurve[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  const names = (entries ?? [])
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) {
    const what = entries === undefined ? 'there is no such folder' : 'there are none';
    throw new DatasetError(`evaluate: expected text files of published curves in ${folder}, but ${what}.`, {
      expected: 'files with a value, or a threshold and a value, in each line',
      actual: entries?.map(({ name }) => name),
    });
  }
  return Promise.all(
    names.map(async (name) => ({
      ...parsePublishedCurve(await readFile(join(folder, name), 'utf8'), join(folder, name)),
      name,
    })),
  );
}

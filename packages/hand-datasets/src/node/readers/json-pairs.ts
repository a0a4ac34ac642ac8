import type { DroppedRecord, HandRecord } from '../../records.js';
import { dropRecord } from '../../records.js';
import { parseHandLabels } from '../../readers/parse-hand-labels.js';
import { recordOr } from '../../readers/values.js';
import type { DatasetFolder } from '../dataset-folder.js';

/**
 * Hands of a folder that holds one JSON file and one JPEG per hand, in the order of their names.
 *
 * @param part the folder inside the dataset, '.' for its root
 * @param firstIndex index of the first record
 */
export async function* jsonPairs(
  folder: DatasetFolder,
  dataset: string,
  part: string,
  firstIndex: number,
): AsyncGenerator<HandRecord | DroppedRecord, void, undefined> {
  const names = await folder.list(part);
  const prefix = part === '.' ? '' : `${part}/`;
  let index = firstIndex;
  for (const name of names.filter((entry) => entry.endsWith('.json'))) {
    const file = prefix + name;
    const image = file.replace(/\.json$/, '.jpg');
    const current = index++;
    let value: unknown;
    try {
      value = await folder.json(file);
    } catch (cause) {
      yield dropRecord('unreadable annotation', file, (cause as Error).message);
      continue;
    }
    yield recordOr(file, () => parseHandLabels(value, { dataset, file, image, index: current }));
  }
}

import type { DroppedRecord, HandRecord } from '../../records.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { recordFiles } from './record-files.js';

/**
 * Hands of a folder that holds one JSON file and one JPEG per hand, in the order of their names and some hundred at a time.
 *
 * @param part the folder inside the dataset, '.' for its root
 * @param firstIndex index of the first record
 */
export async function* jsonPairs(
  folder: DatasetFolder,
  dataset: string,
  part: string,
  firstIndex: number,
): AsyncGenerator<readonly (HandRecord | DroppedRecord)[], void, undefined> {
  const names = (await folder.list(part)).filter((name) => name.endsWith('.json'));
  const prefix = part === '.' ? '' : `${part}/`;
  function* files() {
    for (const [i, name] of names.entries()) {
      const file = prefix + name;
      yield { file, place: { dataset, file, image: file.replace(/\.json$/, '.jpg'), index: firstIndex + i } };
    }
  }
  yield* recordFiles({ root: folder.root, format: 'hand-labels', operation: `readers['${dataset}']` }, files());
}

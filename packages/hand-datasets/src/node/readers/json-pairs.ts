import { type DroppedRecord, dropRecord, type HandRecord } from '../../records.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { recordFiles } from './record-files.js';

/**
 * Hands of folders that hold one JSON file and one JPEG per hand, in the order of their names and some hundred at a time;
 * behind those of a folder, its JPEGs that no JSON file belongs to.
 *
 * @param parts folders inside the dataset, '.' for its root; the hands are numbered through
 */
export async function* jsonPairs(
  folder: DatasetFolder,
  dataset: string,
  parts: readonly string[],
): AsyncGenerator<readonly (HandRecord | DroppedRecord)[], void, undefined> {
  let index = 0;
  for (const part of parts) {
    const names = await folder.list(part);
    const annotations = names.filter((name) => name.endsWith('.json'));
    const prefix = part === '.' ? '' : `${part}/`;
    function* files() {
      for (const name of annotations) {
        const file = prefix + name;
        yield { file, place: { dataset, file, image: file.replace(/\.json$/, '.jpg'), index: index++ } };
      }
    }
    yield* recordFiles({ root: folder.root, format: 'hand-labels', operation: `readers['${dataset}']` }, [files()]);
    const annotated = new Set(annotations.map((name) => name.replace(/\.json$/, '.jpg')));
    yield names
      .filter((name) => name.endsWith('.jpg') && !annotated.has(name))
      .map((name) => dropRecord('missing annotation', prefix + name, 'there is no JSON file of the same name'));
  }
}

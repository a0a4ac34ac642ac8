import { datasetError } from '../../dataset-error.js';
import type { DroppedRecord, HandRecord } from '../../records.js';
import { dropRecord } from '../../records.js';
import {
  type CocoImage,
  type CocoLayout,
  cocoMembers,
  parseCocoAnnotation,
  parseCocoImage,
} from '../../readers/parse-coco.js';
import { RecordProblem } from '../../readers/values.js';
import type { DatasetFolder } from '../dataset-folder.js';
import type { JsonEntry } from '../json/scan-json.js';

const BOTH = ['images', 'annotations'] as const;

/**
 * The hands of a COCO keypoint file, in the order of its annotations. Holds the names of the images, not the annotations.
 *
 * @throws DatasetError if the file has no list of images or annotations
 */
export async function* cocoRecords(
  folder: DatasetFolder,
  layout: CocoLayout,
): AsyncGenerator<readonly (HandRecord | DroppedRecord)[], void, undefined> {
  const { file } = layout;
  const images = new Map<number | string, CocoImage>();
  const counts = { images: 0, annotations: 0 };
  const membersOf = cocoMembers(layout);
  type List = keyof typeof counts;
  const scan = (lists: readonly List[]) =>
    folder.scanBatches(file, {
      depth: 2,
      select: ([key]) => lists.includes(key as List),
      parse: 'packed',
      members: [...new Set(lists.flatMap((list) => membersOf[list]))],
    });
  const takeImage = ({ path, value }: JsonEntry): DroppedRecord[] => {
    const where = `${file}: images[${path[1]}]`;
    try {
      const [id, image] = parseCocoImage(value, layout);
      if (images.has(id)) return [dropRecord('duplicate id', where, `the id ${id} came before`)];
      images.set(id, image);
      return [];
    } catch (problem) {
      if (!(problem instanceof RecordProblem)) throw problem;
      return [dropRecord(problem.reason, where, problem.message)];
    }
  };
  const take = (entry: JsonEntry): (HandRecord | DroppedRecord)[] => {
    const list = entry.path[0] as List;
    counts[list]++;
    if (list === 'images') return takeImage(entry);
    return parseCocoAnnotation(entry.value, images, entry.path[1] as number, layout);
  };
  /** Where annotations come first, as in no published file, the images are read before. */
  const isReversed = async (): Promise<boolean> => {
    const select = ([key]: readonly (string | number)[]): boolean => BOTH.includes(key as List);
    for await (const { path } of folder.scan(file, { depth: 2, select, parse: false }))
      return path[0] === 'annotations';
    return false;
  };
  for (const lists of (await isReversed()) ? ([['images'], ['annotations']] as const) : [BOTH]) {
    for await (const entries of scan(lists)) yield entries.flatMap(take);
  }
  if (counts.annotations > 0) return;
  const found = counts.images > 0 ? 'no annotations' : 'neither';
  throw datasetError('cocoRecords', `expected the lists images and annotations in ${file}, found ${found}`, {
    expected: ['images', 'annotations'],
    actual: counts,
  });
}

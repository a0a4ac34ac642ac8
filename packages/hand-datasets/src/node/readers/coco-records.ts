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
  let records = 0;
  const membersOf = cocoMembers(layout);
  const listed = (list: 'images' | 'annotations') =>
    folder.scanBatches(file, {
      depth: 2,
      select: ([key]) => key === list,
      parse: 'packed',
      members: membersOf[list],
    });
  for await (const entries of listed('images')) {
    records += entries.length;
    const dropped = entries.flatMap(({ path, value }): DroppedRecord[] => {
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
    });
    if (dropped.length > 0) yield dropped;
  }
  for await (const entries of listed('annotations')) {
    records += entries.length;
    yield entries.flatMap(({ path, value }) => parseCocoAnnotation(value, images, path[1] as number, layout));
  }
  if (records === 0) {
    throw datasetError('cocoRecords', `expected the lists images and annotations in ${file}, found neither`, {
      expected: ['images', 'annotations'],
    });
  }
}

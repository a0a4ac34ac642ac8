import { datasetError } from '../../dataset-error.js';
import type { DroppedRecord, HandRecord } from '../../records.js';
import { dropRecord } from '../../records.js';
import { type CocoImage, type CocoLayout, parseCocoAnnotation, parseCocoImage } from '../../readers/parse-coco.js';
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
): AsyncGenerator<HandRecord | DroppedRecord, void, undefined> {
  const { file } = layout;
  const images = new Map<number | string, CocoImage>();
  let records = 0;
  for await (const { path, value } of folder.scan(file, { depth: 2, select: ([key]) => key === 'images' })) {
    records++;
    try {
      const [id, image] = parseCocoImage(value, layout);
      if (images.has(id)) yield dropRecord('duplicate id', `${file}: images[${path[1]}]`, `the id ${id} came before`);
      else images.set(id, image);
    } catch (problem) {
      if (!(problem instanceof RecordProblem)) throw problem;
      yield dropRecord(problem.reason, `${file}: images[${path[1]}]`, problem.message);
    }
  }
  for await (const { path, value } of folder.scan(file, { depth: 2, select: ([key]) => key === 'annotations' })) {
    records++;
    yield* parseCocoAnnotation(value, images, path[1] as number, layout);
  }
  if (records === 0) {
    throw datasetError('cocoRecords', `expected the lists images and annotations in ${file}, found neither`, {
      expected: ['images', 'annotations'],
    });
  }
}

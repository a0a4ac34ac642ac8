// A sixth of the time is the parsing of numbers; a quarter was the garbage collector's, until values were given a hundred at a
// time (see scan-json.ts). What did not help before (processor time for each of 24,000 records on a busy machine, 35 to 44 µs
// without): pieces of 128, 64 and 32 KiB of the file instead of 512 (37 to 39, 33 to 36, 28 to 38), and fewer views of the
// arrays of a record (37 to 42).
import { z } from 'zod';
import { datasetError } from '../../dataset-error.js';
import type { DroppedRecord, HandRecord } from '../../records.js';
import { dropRecord } from '../../records.js';
import { interhandSides, parseInterhand } from '../../readers/parse-interhand.js';
import { type Fields, objectValue, RecordProblem, recordOr } from '../../readers/values.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { indexJson } from '../json/index-json.js';
import { defineReader } from './define-reader.js';

const OPTIONS = z.object({
  split: z.enum(['train', 'val', 'test']).default('train'),
  images: z.string().optional(),
  annotations: z.string().optional(),
});

/** The fields of an object; none of anything else, which then lacks what is looked for. */
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** What is read of the members of the two lists. */
const MEMBERS = {
  images: ['id', 'file_name', 'width', 'height', 'capture', 'subject', 'seq_name', 'camera', 'frame_idx'],
  annotations: ['image_id', 'bbox', 'joint_valid', 'hand_type'],
};

/** Each annotation with its image. Both lists are in the same order in the published files, so little is held. */
async function* annotatedImages(folder: DatasetFolder, file: string) {
  const list = (name: keyof typeof MEMBERS) =>
    folder.scanBatches(file, {
      ...{ depth: 2, select: ([key]: readonly unknown[]) => key === name, parse: 'packed', members: MEMBERS[name] },
    } as const);
  const listed = list('images');
  const waiting = new Map<unknown, Fields>();
  try {
    for await (const entries of list('annotations')) {
      const found = [];
      for (const { path, value } of entries) {
        const annotation = fieldsOf(value);
        const id = annotation['image_id'];
        while (!waiting.has(id)) {
          const next = await listed.next();
          if (next.done) break;
          for (const entry of next.value) {
            const image = fieldsOf(entry.value);
            waiting.set(image['id'], image);
          }
        }
        found.push({ index: path[1] as number, annotation, image: waiting.get(id) });
        waiting.delete(id);
      }
      yield found;
    }
  } finally {
    await listed.return();
  }
}

/**
 * InterHand2.6M: one record per annotated hand of an image, the right one first.
 *
 * `split`: 'train' (default), 'val' or 'test'; `annotations`: folder of InterHand2.6M_{split}_data.json, _camera.json,
 * _joint_3d.json and, if there, _MANO_NeuralAnnot.json (default annotations/{split}, annotations or the root); `images`:
 * folder of the images (default images/{split}).
 */
export const readInterhand = defineReader({
  name: 'interhand',
  options: OPTIONS,
  async *records(folder, { split, images, annotations }) {
    const bases = annotations === undefined ? [`annotations/${split}/`, 'annotations/', ''] : [`${annotations}/`];
    const name = (kind: string): string => `InterHand2.6M_${split}_${kind}.json`;
    const file = await folder.find(
      bases.map((base) => base.replace(/^\.\/+/, '') + name('data')),
      'the annotations',
    );
    const base = file.slice(0, file.length - name('data').length);
    const cameras = fieldsOf(await folder.json(base + name('camera')));
    const joints = await indexJson(folder, base + name('joint_3d'), 2);
    const manoFile = base + name('MANO_NeuralAnnot');
    const mano = (await folder.has(manoFile)) ? await indexJson(folder, manoFile, 2) : undefined;
    let [annotated, fitted] = [0, 0];
    const imageFolder = (images ?? `images/${split}`).replace(/^\.$|\/$/, '');
    try {
      for await (const found of annotatedImages(folder, file)) {
        const records: (HandRecord | DroppedRecord)[] = [];
        annotated += found.length;
        for (const { index, annotation, image } of found) {
          const where = `${file}: annotations[${index}]`;
          if (image === undefined) {
            const message = `there is no image with the id ${String(annotation['image_id'])}`;
            records.push(dropRecord('missing image record', where, message));
            continue;
          }
          const keys = [String(image['capture']), String(image['frame_idx'])] as const;
          const frame = {
            image,
            annotation,
            cameras: cameras[keys[0]],
            joints: joints.get(...keys),
            mano: mano?.get(...keys),
          };
          if (frame.mano !== undefined) fitted++;
          const place = { file, split, images: imageFolder, index };
          const sides = sidesOf(annotation, where);
          if ('dropped' in sides) records.push(sides);
          else for (const side of sides) records.push(recordOr(where, () => parseInterhand(frame, side, place)));
        }
        yield records;
      }
      if (annotated === 0) {
        throw datasetError(
          "readers['interhand']",
          `expected records in the list 'annotations' of ${file}, found none`,
          {
            expected: 'annotations',
            actual: file,
          },
        );
      }
      if (mano && fitted === 0) {
        const message = 'expected MANO fits by capture and frame, found none of a picture in the list';
        yield dropRecord('unreadable annotation', manoFile, message);
      }
    } finally {
      joints.close();
      mano?.close();
    }
  },
});

function sidesOf(annotation: unknown, where: string): ReturnType<typeof interhandSides> | DroppedRecord {
  try {
    return interhandSides(objectValue(annotation, 'the annotation'));
  } catch (problem) {
    if (problem instanceof RecordProblem) return dropRecord(problem.reason, where, problem.message);
    throw problem;
  }
}

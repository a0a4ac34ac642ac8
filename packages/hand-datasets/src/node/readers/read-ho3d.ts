import { z } from 'zod';
import type { DroppedRecord } from '../../records.js';
import { type Ho3dFrame, parseHo3dLine } from '../../readers/parse-ho3d.js';
import { droppedBy, RecordProblem } from '../../readers/values.js';
import type { DatasetFolder } from '../dataset-folder.js';
import type { RecordFile } from './decode-record-files.js';
import { defineReader } from './define-reader.js';
import { recordFiles } from './record-files.js';
import { unannotatedPictures } from './unannotated-pictures.js';

/** Frames that are given at once to be read. */
const LISTED = 256;

const OPTIONS = z.object({
  split: z.enum(['train', 'evaluation']).default('train'),
  sequences: z.array(z.string()).min(1).optional(),
});

/** What the images of a sequence end in: 'png' in v2, 'jpg' in v3. */
function extensions(folder: DatasetFolder, split: string): (sequence: string) => string | Promise<string> {
  const known = new Map<string, string>();
  const find = async (sequence: string): Promise<string> => {
    const rgb = `${split}/${sequence}/rgb`;
    if (!(await folder.has(rgb))) return 'png';
    return (await folder.list(rgb)).some((name) => name.endsWith('.jpg')) ? 'jpg' : 'png';
  };
  const note = async (sequence: string): Promise<string> => {
    const found = await find(sequence);
    known.set(sequence, found);
    return found;
  };
  return (sequence) => known.get(sequence) ?? note(sequence);
}

/**
 * HO-3D v2 and v3 from the folder with train/, evaluation/, train.txt and evaluation.txt; the frames of the list, in its
 * order.
 *
 * `split`: 'train' (default) or 'evaluation', where only the wrist and a box are annotated: `visibility` and
 * `keypoints3dValid` are 0 for the rest. `sequences`: names of those to read; default all. Frames without annotation are
 * counted as 'no hand'. Every frame has a file of its own; threads read them, see `recordFiles`.
 */
export const readHo3d = defineReader({
  name: 'ho3d',
  options: OPTIONS,
  async *records(folder, { split, sequences }) {
    const listFile = `${split}.txt`;
    await folder.find([listFile], 'the list of frames');
    const lines = new TextDecoder().decode(await folder.bytes(listFile)).split('\n');
    const extensionOf = extensions(folder, split);
    const isWanted = (sequence: string): boolean => sequences?.includes(sequence) ?? true;
    const listed = new Map<string, Set<string>>();

    async function* files() {
      let list: (RecordFile<'ho3d'> | DroppedRecord)[] = [];
      for (const [index, line] of lines.entries()) {
        if (line.trim() === '' || !isWanted(line.split('/')[0]!)) continue;
        if (list.length >= LISTED) {
          yield list;
          list = [];
        }
        let frame: Ho3dFrame;
        try {
          frame = parseHo3dLine(line);
        } catch (problem) {
          if (!(problem instanceof RecordProblem)) throw problem;
          list.push(droppedBy(problem, `${listFile}: line ${index + 1}`));
          continue;
        }
        const frames = listed.get(frame.sequence) ?? new Set();
        listed.set(frame.sequence, frames.add(frame.frame));
        const file = `${split}/${frame.sequence}/meta/${frame.frame}.pkl`;
        const found = extensionOf(frame.sequence);
        const extension = typeof found === 'string' ? found : await found;
        list.push({ file, place: { sequence: frame.sequence, frame: frame.frame, split, extension, index } });
      }
      yield list;
    }
    yield* recordFiles({ root: folder.root, format: 'ho3d', operation: "readers['ho3d']" }, files());
    for (const name of (await folder.has(split)) ? await folder.list(split) : []) {
      const sequence = name.slice(0, -1);
      if (!name.endsWith('/') || !isWanted(sequence)) continue;
      const isAnnotated = (picture: string): boolean =>
        listed.get(sequence)?.has(picture.replace(/\.\w+$/, '')) ?? false;
      yield await unannotatedPictures(folder, { folder: `${split}/${sequence}/rgb`, isAnnotated, where: listFile });
    }
  },
});

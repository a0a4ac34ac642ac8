import { parsePickle } from '@opposable/array-files';
import { z } from 'zod';
import { type DroppedRecord, dropRecord, type HandRecord } from '../../records.js';
import { type Ho3dFrame, parseHo3d, parseHo3dLine } from '../../readers/parse-ho3d.js';
import { droppedBy, recordOr, RecordProblem } from '../../readers/values.js';
import { concurrentMapOf, DEFAULT_CONCURRENCY } from '../concurrent-map.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { decodeFile } from './decode-file.js';
import { defineReader } from './define-reader.js';

const OPTIONS = z.object({
  split: z.enum(['train', 'evaluation']).default('train'),
  sequences: z.array(z.string()).min(1).optional(),
});

/** What the images of a sequence end in: 'png' in v2, 'jpg' in v3. */
function extensions(folder: DatasetFolder, split: string): (sequence: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const find = async (sequence: string): Promise<string> => {
    const rgb = `${split}/${sequence}/rgb`;
    if (!(await folder.has(rgb))) return 'png';
    return (await folder.list(rgb)).some((name) => name.endsWith('.jpg')) ? 'jpg' : 'png';
  };
  return (sequence) => {
    const found = known.get(sequence) ?? find(sequence);
    known.set(sequence, found);
    return found;
  };
}

/**
 * HO-3D v2 and v3 from the folder with train/, evaluation/, train.txt and evaluation.txt; the frames of the list, in its
 * order.
 *
 * `split`: 'train' (default) or 'evaluation', where only the wrist and a box are annotated: `visibility` and
 * `keypoints3dValid` are 0 for the rest. `sequences`: names of those to read; default all. Frames without annotation are
 * counted as 'no hand'. Every frame has a file of its own, so the speed is that of opening files.
 */
export const readHo3d = defineReader({
  name: 'ho3d',
  options: OPTIONS,
  async *records(folder, { split, sequences }) {
    const list = `${split}.txt`;
    await folder.find([list], 'the list of frames');
    const lines = new TextDecoder().decode(await folder.bytes(list)).split('\n');
    const extensionOf = extensions(folder, split);

    const recordOf = async ({ line, index }: { line: string; index: number }): Promise<HandRecord | DroppedRecord> => {
      let frame: Ho3dFrame;
      try {
        frame = parseHo3dLine(line);
      } catch (problem) {
        if (problem instanceof RecordProblem) return droppedBy(problem, `${list}: line ${index + 1}`);
        throw problem;
      }
      const extension = await extensionOf(frame.sequence);
      const meta = `${split}/${frame.sequence}/meta/${frame.frame}.pkl`;
      try {
        const value = await decodeFile(folder, meta, (bytes) => parsePickle(bytes));
        return recordOr(meta, () => parseHo3d(value, { ...frame, split, extension, index }));
      } catch (cause) {
        return dropRecord('unreadable annotation', meta, (cause as Error).message);
      }
    };

    function* wanted() {
      for (const [index, line] of lines.entries()) {
        if (line.trim() === '') continue;
        if (sequences?.includes(line.split('/')[0]!) ?? true) yield { line, index };
      }
    }
    yield* concurrentMapOf(wanted(), recordOf, DEFAULT_CONCURRENCY);
  },
});

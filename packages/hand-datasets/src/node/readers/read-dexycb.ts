import { readFile } from 'node:fs/promises';
import { ConfigError } from '@opposable/tensor-checks';
import { z } from 'zod';
import { datasetError } from '../../dataset-error.js';
import { type DroppedRecord, dropRecord } from '../../records.js';
import {
  DEXYCB_CAMERAS,
  DEXYCB_SEQUENCES,
  DEXYCB_SETUPS,
  DEXYCB_SUBJECTS,
  type DexYcbSequence,
  dexYcbSplit,
  needsSequence,
  parseDexYcbBetas,
  parseDexYcbIntrinsics,
  parseDexYcbMask,
  parseDexYcbMeta,
} from '../../readers/parse-dexycb.js';
import { droppedBy, RecordProblem } from '../../readers/values.js';
import type { DatasetFolder } from '../dataset-folder.js';
import type { RecordFile } from './decode-record-files.js';
import { defineReader } from './define-reader.js';
import { recordFiles } from './record-files.js';
import { unannotatedPictures } from './unannotated-pictures.js';

/** More than any sequence has. */
const FRAMES = 1000;

const OPTIONS = z.object({
  setup: z.enum(DEXYCB_SETUPS).optional(),
  split: z.enum(['train', 'val', 'test']).optional(),
  subjects: z.array(z.enum(DEXYCB_SUBJECTS)).min(1).optional(),
  cameras: z.array(z.enum(DEXYCB_CAMERAS)).min(1).optional(),
  sequences: z.array(z.string()).min(1).optional(),
  side: z.enum(['left', 'right']).optional(),
});

type Options = z.output<typeof OPTIONS>;

/** Files that many sequences share, each read once. */
function remembered<T>(read: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
}

interface Calibration {
  readonly betas: (name: string) => Promise<Float64Array>;
  readonly intrinsics: (camera: string) => Promise<Float64Array>;
}

function calibrationOf(folder: DatasetFolder): Calibration {
  const text = async (file: string): Promise<string> => new TextDecoder().decode(await folder.bytes(file));
  const betasFile = (name: string): string => `calibration/mano_${name}/mano.yml`;
  const cameraFile = (camera: string): string => `calibration/intrinsics/${camera}_640x480.yml`;
  return {
    betas: remembered(async (name) => parseDexYcbBetas(await text(betasFile(name)), betasFile(name))),
    intrinsics: remembered(async (camera) => parseDexYcbIntrinsics(await text(cameraFile(camera)), cameraFile(camera))),
  };
}

interface SequencePlace {
  readonly subject: string;
  readonly subjectIndex: number;
  readonly sequence: string;
  readonly sequenceIndex: number;
}

async function* sequencesOf(folder: DatasetFolder, { setup, subjects }: Options): AsyncGenerator<SequencePlace> {
  for (const [subjectIndex, subject] of DEXYCB_SUBJECTS.entries()) {
    if ((subjects && !subjects.includes(subject)) || !(await folder.has(subject))) continue;
    const sequences = (await folder.list(subject))
      .filter((name) => name.endsWith('/'))
      .map((name) => name.slice(0, -1));
    if (setup && needsSequence(setup) && sequences.length !== DEXYCB_SEQUENCES) {
      throw datasetError(
        "readers['dexycb']",
        `expected all ${DEXYCB_SEQUENCES} sequences in ${subject}, which the setup '${setup}' counts, got ${sequences.length}`,
        { expected: DEXYCB_SEQUENCES, actual: sequences.length },
      );
    }
    for (const [sequenceIndex, sequence] of sequences.entries()) {
      yield { subject, subjectIndex, sequence, sequenceIndex };
    }
  }
}

/** The cameras of a sequence that are asked for, with their places. */
function camerasOf(place: SequencePlace, { cameras: there }: DexYcbSequence, options: Options): [number, string][] {
  const { setup, split, cameras } = options;
  const { subjectIndex: subject, sequenceIndex: sequence } = place;
  return [...DEXYCB_CAMERAS.entries()].filter(
    ([camera, serial]) =>
      (there.length === 0 || there.includes(serial)) &&
      (cameras?.includes(serial) ?? true) &&
      (setup === undefined || dexYcbSplit(setup, { subject, sequence, camera }) === split),
  );
}

/**
 * DexYCB from the folder with the subjects and calibration/.
 *
 * `setup` 's0' (all), 's1' (unseen subjects), 's2' (unseen views) or 's3' (unseen objects) with its `split` 'train', 'val'
 * or 'test'; without them everything. `subjects`, `cameras` (serial numbers), `sequences` (folder names) and `side` choose
 * further. s0 and s3 count sequences and need all hundred of a subject. Pictures without a hand are counted as 'no hand'.
 * Left hands were annotated with MANO_LEFT as distributed. Masks come from the label files. Every picture has a label file
 * of its own; threads read them, see `recordFiles`.
 */
export const readDexYcb = defineReader({
  name: 'dexycb',
  options: OPTIONS,
  readMaskFile: async (path) => parseDexYcbMask(await readFile(path)),
  async *records(folder, options) {
    if ((options.setup === undefined) !== (options.split === undefined)) {
      throw new ConfigError("readers['dexycb']: expected setup and split together, or neither.", {
        expected: 'setup and split',
        actual: { setup: options.setup, split: options.split },
      });
    }
    await folder.find(['calibration'], 'the calibration');
    const calibration = calibrationOf(folder);
    let sequences = 0;
    async function* files() {
      for await (const place of sequencesOf(folder, options)) {
        sequences++;
        if (options.sequences?.includes(place.sequence) ?? true) yield* framesOf(folder, place, options, calibration);
      }
    }
    yield* recordFiles({ root: folder.root, format: 'dexycb', operation: "readers['dexycb']" }, files());
    if (sequences > 0) return;
    throw datasetError("readers['dexycb']", `expected folders of subjects in ${folder.root}, found none`, {
      expected: DEXYCB_SUBJECTS,
    });
  },
});

async function* framesOf(
  folder: DatasetFolder,
  place: SequencePlace,
  options: Options,
  calibration: Calibration,
): AsyncGenerator<Iterable<RecordFile<'dexycb'> | DroppedRecord>, void, undefined> {
  const { subject, sequence } = place;
  const file = `${subject}/${sequence}/meta.yml`;
  const cameras: { readonly cameraIndex: number; readonly camera: string; readonly intrinsics: Float64Array }[] = [];
  let meta: DexYcbSequence;
  let betas: Float64Array;
  try {
    meta = parseDexYcbMeta(new TextDecoder().decode(await folder.bytes(file)), file);
    const wanted = camerasOf(place, meta, options);
    if (wanted.length === 0 || (options.side ?? meta.side) !== meta.side) return;
    betas = await calibration.betas(meta.calibration);
    for (const [cameraIndex, camera] of wanted) {
      cameras.push({ cameraIndex, camera, intrinsics: await calibration.intrinsics(camera) });
    }
  } catch (cause) {
    if (cause instanceof RecordProblem) yield [droppedBy(cause, file)];
    else yield [dropRecord('unreadable annotation', file, (cause as Error).message)];
    return;
  }
  const sequenceNumber = place.subjectIndex * DEXYCB_SEQUENCES + place.sequenceIndex;
  const isAnnotated = (name: string): boolean => {
    const frame = /^color_(\d{6})\./.exec(name)?.[1];
    return frame === undefined || Number(frame) < meta.frames; // the depth lies beside the colour
  };
  for (const { cameraIndex, camera, intrinsics } of cameras) {
    yield await unannotatedPictures(folder, { folder: `${subject}/${sequence}/${camera}`, isAnnotated, where: file });
    const start = (sequenceNumber * DEXYCB_CAMERAS.length + cameraIndex) * FRAMES;
    const shared = { subject, sequence, camera, side: meta.side, betas, intrinsics };
    yield Array.from({ length: Math.min(meta.frames, FRAMES) }, (_, frame) => ({
      file: `${subject}/${sequence}/${camera}/labels_${String(frame).padStart(6, '0')}.npz`,
      place: { ...shared, frame, index: start + frame },
    }));
  }
}

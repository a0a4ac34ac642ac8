import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DroppedRecord, HandRecord } from '../../records.js';
import { concurrentMapOf } from '../concurrent-map.js';
import { createWorkerPool } from '../worker-pool.js';
import { decodeRecordFiles, type RecordFile, type RecordFilesTask } from './decode-record-files.js';
import { type PackedRecords, packRecords, unpackRecords } from './pack-records.js';
import type { RecordFormatName } from './record-formats.js';

const WORKER = new URL('./record-files-worker.js', import.meta.url);
const BATCH = 128;
/**
 * From how many files on threads are worth it: one takes 0.2 to 0.4 s of a core to start, and its records 20 µs to come here.
 * The small JSON files of `hand-labels` take 44 µs each, and 120 by threads (12,000 files, processor time); pickles of HO-3D 79
 * and 150, DexYCB 62 and 174 (its threads compile anew what this one has).
 */
const WORTH_THREADS: Readonly<Record<RecordFormatName, number>> = {
  'hand-labels': Infinity,
  ho3d: 16_384,
  dexycb: 16_384,
};

type Files<Name extends RecordFormatName> = Iterable<RecordFile<Name> | DroppedRecord>;
type Found = readonly (HandRecord | DroppedRecord)[];

/** Items of lists: waiting for each was a tenth of the time of HO-3D. */
async function* batchesOf<Item>(
  lists: AsyncIterable<Iterable<Item>> | Iterable<Iterable<Item>>,
): AsyncGenerator<Item[], void, undefined> {
  let batch: Item[] = [];
  for await (const items of lists) {
    for (const item of items) {
      batch.push(item);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/**
 * The records of a dataset that keeps an annotation file for each, in the order of the files and some hundred at a time.
 * Where they are many, one thread per core reads and decodes them; the first ones are read on this one.
 *
 * @param task the dataset's folder, its format and the name of its reader
 * @param lists paths and places, and what is no record, in lists one behind the other; only some hundred are held
 */
export async function* recordFiles<Name extends RecordFormatName>(
  task: Omit<RecordFilesTask<Name>, 'files'>,
  lists: AsyncIterable<Files<Name>> | Iterable<Files<Name>>,
): AsyncGenerator<Found, void, undefined> {
  const batches = batchesOf(lists);
  const workers = existsSync(fileURLToPath(WORKER)) ? availableParallelism() : 0;
  let count = 0;
  while (count < WORTH_THREADS[task.format] || workers < 2) {
    const { value: batch, done } = await batches.next();
    if (done) return;
    count += batch.length;
    yield decodeRecordFiles({ ...task, files: batch });
  }
  const inline = async (part: RecordFilesTask): Promise<PackedRecords> => packRecords(decodeRecordFiles(part));
  const pool = createWorkerPool(WORKER, inline, workers, task.operation);
  const decode = (batch: (RecordFile<Name> | DroppedRecord)[]) => pool.run({ ...task, files: batch });
  try {
    for await (const packed of concurrentMapOf(batches, decode, pool.width)) yield unpackRecords(packed);
  } finally {
    await pool.close();
  }
}

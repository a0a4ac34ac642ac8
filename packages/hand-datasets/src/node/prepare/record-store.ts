import { open } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { type PackedRecords, packRecords } from '../readers/pack-records.js';
import type { HandRecord } from '../../records.js';

/** Where the records of a source's chunks lie in its file: the first byte of each, and the end of the last. */
export type ChunkPlaces = readonly number[];

/** Writes the records of a source down chunk by chunk. */
export interface RecordWriter {
  add(records: readonly HandRecord[]): Promise<void>;
  close(): Promise<ChunkPlaces>;
}

export async function createRecordWriter(path: string): Promise<RecordWriter> {
  const file = await open(path, 'w');
  const places = [0];
  return {
    async add(records) {
      const bytes = serialize(packRecords(records));
      await file.write(bytes);
      places.push(places.at(-1)! + bytes.length);
    },
    async close() {
      await file.close();
      return places;
    },
  };
}

/** The records of a source, chunk after chunk, as the worker threads take them. */
export async function* readChunkRecords(
  path: string,
  places: ChunkPlaces,
): AsyncGenerator<PackedRecords, void, undefined> {
  if (places.length < 2) return;
  const file = await open(path);
  try {
    for (let chunk = 0; chunk + 1 < places.length; chunk++) {
      const [start, end] = [places[chunk]!, places[chunk + 1]!];
      const bytes = Buffer.allocUnsafeSlow(end - start);
      await file.read(bytes, 0, bytes.length, start);
      yield deserialize(bytes) as PackedRecords;
    }
  } finally {
    await file.close();
  }
}

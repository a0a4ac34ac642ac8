import { FileFormatError } from '@opposable/tensor-checks';
import { type DroppedRecord, dropRecord, type HandRecord } from '../../records.js';
import { recordOr } from '../../readers/values.js';
import { createFileReader, type FileReader } from '../file-reader.js';
import { type PlaceOf, RECORD_FORMATS, type RecordFormatName } from './record-formats.js';

/** An annotation file of one record, and what is known of the record besides. */
export interface RecordFile<Name extends RecordFormatName = RecordFormatName> {
  /** Relative to the dataset's folder. */
  readonly file: string;
  readonly place: PlaceOf<Name>;
}

export interface RecordFilesTask<Name extends RecordFormatName = RecordFormatName> {
  /** Real path of the dataset's folder. */
  readonly root: string;
  readonly format: Name;
  /** Name of the reader, for messages. */
  readonly operation: string;
  /** Files, and what is known beforehand to be no record: it keeps its place. */
  readonly files: readonly (RecordFile<Name> | DroppedRecord)[];
}

const readersOfRoots = new Map<string, FileReader>();

/** One reader for all tasks of a thread: it knows the folders already. */
function readerOfRoot(root: string, operation: string): FileReader {
  const key = `${operation}\0${root}`;
  const known = readersOfRoots.get(key) ?? createFileReader(root, operation);
  readersOfRoots.set(key, known);
  return known;
}

function why(file: string, cause: unknown): string {
  const { message } = cause as Error;
  return cause instanceof FileFormatError ? `${file} cannot be read (${message.replace(/\.$/, '')})` : message;
}

/** The records of annotation files, on the calling thread; a file that cannot be read is a dropped record. */
export function decodeRecordFiles({ root, format, operation, files }: RecordFilesTask): (HandRecord | DroppedRecord)[] {
  const reader = readerOfRoot(root, operation);
  const decode = RECORD_FORMATS[format] as (bytes: Uint8Array, place: unknown) => HandRecord;
  return files.map((item) => {
    if ('dropped' in item) return item;
    const { file, place } = item;
    try {
      const bytes = reader.read(file);
      return recordOr(file, () => decode(bytes, place));
    } catch (cause) {
      return dropRecord('unreadable annotation', file, why(file, cause));
    }
  });
}

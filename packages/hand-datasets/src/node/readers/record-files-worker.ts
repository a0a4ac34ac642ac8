/** Entry of a worker thread that reads annotation files. */
import { decodeRecordFiles, type RecordFilesTask } from './decode-record-files.js';
import { type PackedRecords, packRecords } from './pack-records.js';

export default function run(task: RecordFilesTask): PackedRecords {
  return packRecords(decodeRecordFiles(task));
}

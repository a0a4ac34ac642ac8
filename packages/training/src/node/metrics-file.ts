import { mkdirSync, openSync, closeSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../fit/types.js';

/**
 * Appends every log record as one line of JSON (`metrics.jsonl`), so that a resumed run continues the file.
 *
 * @param path of the file; missing folders are made
 */
export function metricsFile(path: string): Logger {
  mkdirSync(dirname(path), { recursive: true });
  let file: number | undefined;
  return {
    log(record) {
      file ??= openSync(path, 'a');
      writeSync(file, `${JSON.stringify({ ...record, time: new Date().toISOString() })}\n`);
    },
    end() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

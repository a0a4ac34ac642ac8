import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../fit/types.js';
import { forgetLater } from './forget-later.js';
import { asWriteError } from './write-error.js';

export interface MetricsFileOptions {
  /** Iteration that the run goes on from: records of later ones are taken out of the file. Default: none are. */
  readonly resumedFrom?: number;
}

/**
 * Appends every log record as one line of JSON (`metrics.jsonl`), so that a resumed run continues the file.
 *
 * @param path of the file; missing folders are made
 */
export function metricsFile(path: string, { resumedFrom }: MetricsFileOptions = {}): Logger {
  mkdirSync(dirname(path), { recursive: true });
  if (resumedFrom !== undefined) forgetLater(path, resumedFrom);
  let file: number | undefined;
  return {
    log(record) {
      file ??= openSync(path, 'a');
      try {
        writeSync(file, `${JSON.stringify({ ...record, time: new Date().toISOString() })}\n`);
      } catch (cause) {
        throw asWriteError('metricsFile', path, cause);
      }
    },
    end() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

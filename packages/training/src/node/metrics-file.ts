import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../fit/types.js';
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

/** What a killed run has written after its last checkpoint will be written again; its last line may be cut off. */
function forgetLater(path: string, iteration: number): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const kept = text.split('\n').filter((line) => {
    try {
      return (JSON.parse(line) as { iteration: number }).iteration <= iteration;
    } catch {
      return false;
    }
  });
  const temporary = `${path}.partial`;
  writeFileSync(temporary, kept.map((line) => `${line}\n`).join(''));
  renameSync(temporary, path);
}

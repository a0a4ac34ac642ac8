import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger, LogRecord } from '../fit/types.js';
import { type EventValue, restartEvent, summaryEvent, versionEvent } from '../tensorboard/event.js';
import { tfRecord } from '../tensorboard/tf-record.js';
import { asWriteError } from './write-error.js';

export interface EventFile {
  /** Appends values of one step. */
  write(step: number, values: readonly EventValue[]): void;
  close(): void;
}

export interface EventFileOptions {
  /** Step that the run goes on from: what earlier files of the folder say of later steps is forgotten. Default 0. */
  readonly resumedFrom?: number;
  /** Milliseconds since 1970. Default the clock. */
  readonly now?: () => number;
}

/**
 * A new event file for TensorBoard (`tensorboard --logdir` shows the folder). It appears with the first values.
 *
 * @param folder of the run's event files; made if missing
 */
export function eventFile(folder: string, { resumedFrom = 0, now = Date.now }: EventFileOptions = {}): EventFile {
  let file: number | undefined;
  let path = folder;
  const append = (event: Uint8Array): void => {
    try {
      writeSync(file!, tfRecord(event));
    } catch (cause) {
      throw asWriteError('eventFile', path, cause);
    }
  };
  return {
    write(step, values) {
      if (file === undefined) {
        const seconds = now() / 1000;
        mkdirSync(folder, { recursive: true });
        path = join(folder, `events.out.tfevents.${Math.floor(seconds)}.${hostname()}.${process.pid}.${resumedFrom}`);
        file = openSync(path, 'a');
        append(versionEvent(seconds));
        if (resumedFrom > 0) append(restartEvent(seconds, resumedFrom + 1)); // the step itself is not repeated
      }
      append(summaryEvent(now() / 1000, step, values));
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** The numbers of a log record as TensorBoard shows them. */
export function scalarsOf(record: LogRecord): EventValue[] {
  const { total, terms, weights, learningRate, samplesPerSecond, waitingShare } = record;
  const named = (prefix: string, values: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]);
  return [
    ...named('loss', { total, ...terms }),
    ...named('weight', weights),
    ...named('schedule', { learningRate }),
    ...named('speed', { samplesPerSecond, waitingShare }),
  ].map(([tag, scalar]) => ({ tag, scalar }));
}

/** A logger that writes every record to an event file; the file stays the caller's to close. */
export function eventLogger(file: EventFile): Logger {
  return { log: (record) => file.write(record.iteration, scalarsOf(record)) };
}

import type { Logger, LogRecord } from '../fit/types.js';
import { formatDuration, formatNumber } from './format.js';

/** Where text goes: `process.stderr`, or anything that takes text. */
export interface TextStream {
  write(text: string): unknown;
  /** Whether the line can be overwritten. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ConsoleProgressOptions {
  stream: TextStream;
  /** Stands in front of every line. */
  label?: string;
}

/**
 * One line with iteration, loss terms, speed and time left: rewritten in place on a terminal, a line per record elsewhere.
 */
export function consoleProgress({ stream, label = '' }: ConsoleProgressOptions): Logger {
  let open = false;
  return {
    log(record) {
      const line = (label ? `${label} ` : '') + describe(record);
      if (stream.isTTY === true) {
        const width = Math.max(20, stream.columns ?? 80) - 1;
        stream.write(`\r\u001b[2K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
        open = true;
      } else {
        stream.write(`${line}\n`);
      }
    },
    end() {
      if (open) stream.write('\n');
      open = false;
    },
  };
}

function describe(record: LogRecord): string {
  const share = record.iterations > 0 ? Math.floor((100 * record.iteration) / record.iterations) : 100;
  const terms = Object.entries(record.terms).map(([name, value]) => ` ${name} ${formatNumber(value)}`);
  const waiting = record.waitingShare >= 0.05 ? `, waiting ${Math.round(100 * record.waitingShare)} %` : '';
  return (
    `${record.iteration}/${record.iterations} (${share} %) loss ${formatNumber(record.total)}${terms.join('')} | ` +
    `${formatNumber(record.samplesPerSecond)} images/s${waiting} | ${formatDuration(record.secondsLeft)} left`
  );
}

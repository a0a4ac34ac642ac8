import type { Logger } from '../fit/types.js';

/** One logger that passes everything to several, in order. */
export function combineLoggers(...loggers: readonly Logger[]): Logger {
  return {
    async log(record) {
      for (const logger of loggers) await logger.log(record);
    },
    async end() {
      for (const logger of loggers) await logger.end?.();
    },
  };
}

#!/usr/bin/env node
import { EXIT_STOPPED, runCommandLine } from './run-command-line.js';

const stop = new AbortController();
const signals = ['SIGINT', 'SIGTERM'] as const;
const onFirst = (): void => {
  process.stderr.write('\nStopping …\n');
  stop.abort();
  for (const signal of signals) {
    process.off(signal, onFirst);
    process.once(signal, () => process.exit(EXIT_STOPPED));
  }
};
for (const signal of signals) process.on(signal, onFirst);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  stop.abort(); // nobody reads what is said any more, as after `| head`
});

process.exitCode = await runCommandLine(process.argv, stop.signal);

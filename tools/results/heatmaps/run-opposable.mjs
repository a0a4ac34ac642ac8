import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** `opposable …`, its output shown; where it fails it has said why, and this ends too. Left out where the file `unless` is there. */
export function opposable(words, { unless } = {}) {
  if (unless !== undefined && existsSync(unless)) return Promise.resolve();
  return new Promise((resolve) => {
    const main = join(ROOT, 'apps/trainer/dist/main.js');
    const child = spawn(process.execPath, [main, ...words.map(String)], { stdio: 'inherit' });
    child.once('exit', (code) => (code === 0 ? resolve() : process.exit(code ?? 1)));
  });
}

/** Where a result works and where it writes: with --short a minute's version that leaves docs/results alone. */
export function settingsOf(name) {
  const short = process.argv.includes('--short');
  const work = join(ROOT, 'runs/results', short ? `${name}-short` : name);
  mkdirSync(work, { recursive: true });
  return { short, work, results: short ? join(work, 'results') : join(ROOT, 'docs/results'), root: ROOT };
}

/** The epochs of a run and their mean speed. */
export function recordOf(run) {
  const lines = readFileSync(join(run, 'epochs.jsonl'), 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  const mean = records.reduce((sum, { samplesPerSecond }) => sum + samplesPerSecond, 0) / records.length;
  return { epochs: records.length, samplesPerSecond: mean, last: records.at(-1) };
}

/** Minutes of training of runs that follow one another. */
export const minutesOf = (runs) => runs.reduce((sum, run) => sum + recordOf(run).last.seconds / 60, 0);

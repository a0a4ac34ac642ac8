import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manoSizedPickle } from './mano-sized-pickle.mjs';

/** Runs every compiled example as an ES module, beside a file of MANO's size and form. */
export function runInNode(folder, examples, report) {
  writeFileSync(join(folder, 'MANO_RIGHT.pkl'), manoSizedPickle());
  for (const { name, runs } of examples) {
    if (!runs) continue;
    const { status, stderr, signal } = spawnSync(process.execPath, [join('compiled', `${name}.js`)], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (status !== 0) report(`${name} in Node`, `ended with ${signal ?? status}: ${stderr.trim().slice(-1500)}`);
  }
}

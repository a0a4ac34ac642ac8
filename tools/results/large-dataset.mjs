/**
 * A dataset of 200,000 pictures through the command line: does memory stay below 600 MB, and at what pace? Every step is a
 * process of its own, whose peak of resident memory (all threads) is taken from the operating system.
 *
 *   npm run results -- large-dataset                    about ten minutes on two free cores, 2 GB of disk
 *   npm run results -- large-dataset --poses 500        a trial; docs/results is not written
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from './large-dataset/measure.mjs';
import { writeCocoWholebody, writeFreihand } from './large-dataset/write-datasets.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/results/large-dataset.md');
const MAIN = join(ROOT, 'apps/trainer/dist/main.js');
const scriptOf = (name) => fileURLToPath(new URL(`./large-dataset/${name}.mjs`, import.meta.url));
const POSES = 50_000;
const LIMIT = 600e6;

const { values: flags } = parseArgs({
  options: { poses: { type: 'string', default: String(POSES) }, keep: { type: 'boolean', default: false } },
});
const poses = Number(flags.poses);
if (!Number.isInteger(poses) || poses < 1) throw new Error(`expected --poses as a whole number, got ${flags.poses}.`);

const load = loadavg()[0].toFixed(1);
const folder = mkdtempSync(join(tmpdir(), 'large-dataset-'));
try {
  const count = 4 * poses;
  process.stdout.write(`writing ${count} pictures to ${folder}\n`);
  const [freihand, wholebody, out] = ['freihand', 'coco-wholebody', 'prepared'].map((name) => join(folder, name));
  await writeFreihand(freihand, poses);
  await writeCocoWholebody(wholebody, count / 2);
  const config = join(folder, 'prepare.yaml');
  writeFileSync(
    config,
    `out: prepared\nsize: 64\nsplits:\n  train:\n    - dataset: freihand\n      root: freihand\n      options: {}\n`,
  );
  const steps = [
    ['annotations of FreiHAND', scriptOf('read-records'), ['freihand', freihand]],
    ['annotations of COCO-WholeBody', scriptOf('read-records'), ['coco-wholebody', wholebody]],
    ['`opposable prepare`, 224 → 64 pixels', MAIN, ['prepare', config]],
    ['prepared dataset opened, every annotation', scriptOf('open-prepared'), [out]],
    ['`opposable validate`', MAIN, ['validate', out]],
  ];
  const rows = [];
  for (const [what, script, args] of steps) {
    process.stdout.write(`\n${what}\n`);
    const { seconds, bytes, lastLine } = await measure(script, args);
    rows.push([what, seconds.toFixed(1), Math.round(count / seconds).toLocaleString('en'), Math.round(bytes / 1e6)]);
    process.stdout.write(`${seconds.toFixed(1)} s, ${Math.round(bytes / 1e6)} MB (${lastLine})\n`);
  }
  const peak = Math.max(...rows.map((row) => row[3]));
  process.stdout.write(`\nmost memory: ${peak} MB, limit ${LIMIT / 1e6} MB\n`);
  if (peak * 1e6 > LIMIT) process.exitCode = 1;
  if (poses === POSES) {
    const date = new Date().toISOString().slice(0, 10);
    const table = [['step', 'seconds', 'records/s', 'peak MB'], ['---', '--:', '--:', '--:'], ...rows]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
    mkdirSync(join(ROOT, 'docs/results'), { recursive: true });
    writeFileSync(
      DOCUMENT,
      `# ${count.toLocaleString('en')} pictures\n\n` +
        `Written by \`npm run results -- large-dataset\` on ${date}: ${availableParallelism()} cores of ` +
        `${cpus()[0]?.model ?? 'an unknown processor'}, Node.js ${process.version}, load ${load} before the run.\n\n` +
        `A made-up dataset in FreiHAND's format (${poses.toLocaleString('en')} poses, four pictures each; few pictures ` +
        `under many names) and a COCO-WholeBody file with as many hands. Every step is a process of its own with its ` +
        `start included; memory is the peak of its resident set, all threads together. ` +
        `Most memory: ${peak} MB; the limit is ${LIMIT / 1e6} MB.\n\n${table}\n`,
    );
    execFileSync(process.execPath, [join(ROOT, 'node_modules/prettier/bin/prettier.cjs'), '--write', DOCUMENT]);
    process.stdout.write(`Written: ${DOCUMENT}\n`);
  }
} finally {
  if (flags.keep) process.stdout.write(`kept: ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}

/**
 * A dataset of 200,000 pictures through the command line: does memory stay below 600 MB, and at what pace? Every step is a
 * process of its own, whose peak of resident memory (all threads) is taken from the operating system.
 *
 *   npm run results -- large-dataset                    2 GB of disk
 *   npm run results -- large-dataset --count 2000       a trial; docs/results is not written
 *
 * Pictures are small (64 pixels, prepared to 32): this is about memory, which the number of samples could make grow.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFormatted } from './documents/write-formatted.mjs';
import { measure } from './large-dataset/measure.mjs';
import { writeCoco, writeCocoWholebody, writeFreihand, writeInterhand } from './large-dataset/write-datasets.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/results/large-dataset.md');
const MAIN = join(ROOT, 'apps/trainer/dist/main.js');
const scriptOf = (name) => fileURLToPath(new URL(`./large-dataset/${name}.mjs`, import.meta.url));
const COUNT = 200_000;
const [SOURCE_SIZE, SIZE] = [64, 32];
/** Gives a data file of more than 400 MB. */
const INTERHAND_FACTOR = 5;
const LIMIT = 600e6;

const { values: flags } = parseArgs({
  options: { count: { type: 'string', default: String(COUNT) }, keep: { type: 'boolean', default: false } },
});
const count = Number(flags.count);
if (!Number.isInteger(count) || count < 4) throw new Error(`expected --count as a whole number, got ${flags.count}.`);

const load = loadavg()[0].toFixed(1);
const folder = mkdtempSync(join(tmpdir(), 'large-dataset-'));
try {
  process.stdout.write(`writing ${count} records to ${folder}\n`);
  const names = ['freihand', 'coco-wholebody', 'interhand', 'coco', 'prepared'];
  const [freihand, wholebody, interhand, coco, out] = names.map((name) => join(folder, name));
  await writeFreihand(freihand, Math.floor(count / 4));
  await writeCocoWholebody(wholebody, Math.floor(count / 2));
  const pictures = INTERHAND_FACTOR * count;
  const interhandBytes = await writeInterhand(interhand, pictures);
  await writeCoco(coco, count, SOURCE_SIZE);
  const options = {
    ...{ annotations: 'all.json', images: 'images', keypointOrder: 'panoptic', side: 'right' },
    ...{ keypoints3d: 'joint_cam', camera: 'cam_param' },
  };
  const config = join(folder, 'prepare.yaml');
  const source = JSON.stringify({ dataset: 'coco', root: 'coco', options });
  writeFileSync(config, `out: prepared\nsize: ${SIZE}\nsplits:\n  train:\n    - ${source}\n`);
  const steps = [
    ['annotations of FreiHAND', count, scriptOf('read-records'), ['freihand', freihand]],
    ['annotations of COCO-WholeBody', count, scriptOf('read-records'), ['coco-wholebody', wholebody]],
    [
      `annotations of InterHand2.6M, a file of ${Math.round(interhandBytes / 1e6)} MB`,
      ...[pictures, scriptOf('read-records'), ['interhand', interhand]],
    ],
    ['annotations of a COCO file', count, scriptOf('read-records'), ['coco', coco, JSON.stringify(options)]],
    [`\`opposable prepare\` of the COCO file, ${SOURCE_SIZE} → ${SIZE} pixels`, count, MAIN, ['prepare', config]],
    ['prepared dataset opened, every annotation', count, scriptOf('open-prepared'), [out]],
    ['`opposable validate`', count, MAIN, ['validate', out]],
  ];
  const rows = [];
  for (const [what, records, script, args] of steps) {
    process.stdout.write(`\n${what}\n`);
    const { seconds, bytes, lastLine } = await measure(script, args);
    rows.push([what, records.toLocaleString('en'), seconds.toFixed(1), Math.round(bytes / 1e6)]);
    process.stdout.write(`${seconds.toFixed(1)} s, ${Math.round(bytes / 1e6)} MB (${lastLine})\n`);
  }
  const peak = Math.max(...rows.map((row) => row[3]));
  process.stdout.write(`\nmost memory: ${peak} MB, limit ${LIMIT / 1e6} MB\n`);
  if (peak * 1e6 > LIMIT) process.exitCode = 1;
  if (count === COUNT) {
    const date = new Date().toISOString().slice(0, 10);
    const table = [['step', 'records', 'seconds', 'peak MB'], ['---', '--:', '--:', '--:'], ...rows]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
    mkdirSync(join(ROOT, 'docs/results'), { recursive: true });
    await writeFormatted(
      DOCUMENT,
      `# A dataset of ${count.toLocaleString('en')} samples\n\n` +
        `Written by \`npm run results -- large-dataset\` on ${date}: ${availableParallelism()} cores of ` +
        `${cpus()[0]?.model ?? 'an unknown processor'}, Node.js ${process.version}, load ${load} before the run.\n\n` +
        `Made-up datasets in the formats of their authors. Pictures are small, a few under many names: the question is ` +
        `whether memory grows with the number of samples. Every step is a process of its own with its start included; ` +
        `memory is the peak of its resident set, all threads together. ` +
        `Most memory: ${peak} MB; the limit is ${LIMIT / 1e6} MB.\n\n${table}\n`,
    );
    process.stdout.write(`Written: ${DOCUMENT}\n`);
  }
} finally {
  if (flags.keep) process.stdout.write(`kept: ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}

// The regressor with an image alone against the one with an image and 21 heat maps: the same hands, steps and seeds, measured on
// held-back hands. The maps come from a network that was trained on other hands.
//
//   npm run results -- heatmap-input             makes docs/results/heatmap-input.md
//   npm run results -- heatmap-input --short     the same in a minute, into runs/ only
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { opposable, recordOf, settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';

const { short, work, results } = settingsOf('heatmap-input');
const hands = join(work, 'hands');
const others = join(work, 'other-hands');
const maps = join(work, 'maps');
const size = 128;
const counts = short ? { train: 300, test: 50 } : { train: 8000, test: 1000 };
const synthesize = (out, seed, { train, test }) =>
  opposable(
    ['synthesize', '--preset', 'demo', '--out', out, '--train', train, '--test', test, '--size', size, '--seed', seed],
    { unless: join(out, 'dataset.json') },
  );
await synthesize(hands, 11, counts);
await synthesize(others, 12, { ...counts, test: 100 });

const configs = new URL('../../apps/trainer/configs/', import.meta.url);
const epochs = short ? 1 : 4;
const mapConfig = readFileSync(new URL('heatmap-unet-small.yaml', configs), 'utf8')
  .replaceAll('runs/synthetic', others)
  .replace(/^epochs: .*/m, `epochs: ${epochs}`)
  .replace(/^out: .*/m, `out: ${maps}`);
writeFileSync(join(work, 'maps.yaml'), mapConfig);
await opposable(['train', join(work, 'maps.yaml'), '--resume']);
if (!existsSync(join(hands, 'heatmaps/heatmaps.json')))
  await opposable(['heatmaps', hands, '--checkpoint', maps, '--format', 'array']);

const iterations = short ? 20 : 1500;
const runs = [];
for (const [name, config] of [
  ['image', 'pretrain-small.yaml'],
  ['image-and-maps', 'pretrain-heatmaps-small.yaml'],
]) {
  const out = join(work, name);
  const text = readFileSync(new URL(config, configs), 'utf8')
    .replace(/prepared: \S+,/, `prepared: ${hands},`)
    .replace(/^ {2}iterations: .*/m, `  iterations: ${iterations}`)
    .replace(/every: 400/, `every: ${Math.round(0.4 * iterations)}`)
    .replace(/^out: .*/m, `out: ${out}`);
  writeFileSync(join(work, `${name}.yaml`), text);
  if (!existsSync(join(out, 'evaluation'))) await opposable(['pretrain', join(work, `${name}.yaml`), '--resume']);
  runs.push(out);
}
const evaluation = join(work, 'evaluation');
rmSync(evaluation, { recursive: true, force: true });
await opposable(['evaluate', ...runs, '--data', hands, '--out', evaluation]);
const scores = readFileSync(join(evaluation, 'scores.txt'), 'utf8').trimEnd();
const summaries = runs.map((run) => JSON.parse(readFileSync(join(run, 'summary-pretrain.json'), 'utf8')));
const speed = summaries.map(({ timing }) => `${timing.samplesPerSecond.toFixed(0)} images/s`);
const record = recordOf(maps);
mkdirSync(results, { recursive: true });
await writeFormatted(
  join(results, 'heatmap-input.md'),
  `# Image and heat maps against the image alone

The small regressor learns the 22 numbers of ${counts.train} synthetic hands at ${size} pixels, ${iterations} steps of 64, once with the image
alone (${speed[0]}), once with 21 heat maps beside it (${speed[1]}); same hands, order, seeds and settings. The maps are those of the
small heat-map network after ${record.epochs} epochs on ${counts.train} other hands. Measured on ${counts.test} held-back hands. Made by
\`npm run results -- heatmap-input\`.

\`\`\`
${scores}
\`\`\`
`,
);
process.stdout.write(`Written: ${results}\n`);

// The documented heat-map network as the 2D tutorial trained it, for at most three hours, on synthetic hands or on FreiHAND;
// started again it goes on. The tutorial reports 4.5 % of the image on FreiHAND.
//
//   npm run results -- heatmap-documented                         synthetic hands
//   npm run results -- heatmap-documented --freihand FOLDER       a dataset prepared by prepare-freihand-whole.yaml
//   npm run results -- heatmap-documented --short                 a few batches
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { opposable, recordOf, settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';

/** Epochs of 51 batches that three hours of two cores are enough for, by the speed of `npm run bench -- heatmaps`. */
const EPOCHS = 70;

const { short, work, results } = settingsOf('heatmap-documented');
const freihand = process.argv.includes('--freihand') ? process.argv[process.argv.indexOf('--freihand') + 1] : undefined;
const data = freihand ?? join(work, 'data');
const run = join(work, freihand === undefined ? 'run' : 'run-freihand');
const counts = short ? { train: 96, test: 48 } : { train: 26000, test: 1560 };
if (freihand === undefined) {
  await opposable(
    ['synthesize', '--out', data, '--train', counts.train, '--test', counts.test, '--size', 128, '--seed', 8],
    { unless: join(data, 'dataset.json') },
  );
}
const config = readFileSync(new URL('../../apps/trainer/configs/heatmap-unet.yaml', import.meta.url), 'utf8')
  .replaceAll('../../../data/prepared-freihand-whole', data)
  .replace('split: val', freihand === undefined ? 'split: test' : 'split: val')
  .replace(/^epochs: .*/m, `epochs: ${short ? 1 : EPOCHS}`)
  .replace(/^batchesPerEpoch: .*/m, `batchesPerEpoch: ${short ? 2 : 51}`)
  .replace(/^validationBatches: .*/m, `validationBatches: ${short ? 1 : 21}`)
  .replace(/^out: .*/m, `out: ${run}`);
writeFileSync(join(work, 'config.yaml'), config);
await opposable(['train', join(work, 'config.yaml'), '--resume']);
const evaluation = join(work, 'evaluation');
await opposable(['evaluate', data, '--checkpoint', run, '--out', evaluation]);
const record = recordOf(run);
mkdirSync(results, { recursive: true });
await sharp(join(evaluation, 'hands.png')).jpeg({ quality: 85 }).toFile(join(results, 'heatmap-documented.jpg'));
await writeFormatted(
  join(results, 'heatmap-documented.md'),
  `# The documented heat-map network

${freihand === undefined ? `${counts.train} synthetic images` : 'FreiHAND, split by pose'}, ${record.epochs} epochs of the tutorial's settings, ${(record.last.seconds / 60).toFixed(0)} minutes of
training at ${record.samplesPerSecond.toFixed(0)} images/s on two threads; loss ${record.last.train.toFixed(3)}, on the validation set ${record.last.validation.toFixed(3)}.
Made by \`npm run results -- heatmap-documented\`.

\`\`\`
${readFileSync(join(evaluation, 'scores.txt'), 'utf8').trimEnd()}
\`\`\`

![best and worst hands](heatmap-documented.jpg)
`,
);
process.stdout.write(`Written: ${results}\n`);

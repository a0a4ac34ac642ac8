// The documented heat-map network on synthetic hands, for an hour and a half on two cores, or on FreiHAND as the 2D tutorial trained
// it, for at most three hours; started again it goes on. The tutorial reports 4.5 % of the image on FreiHAND.
//
//   npm run results -- heatmap-documented                         synthetic hands: those of heatmap-small --preset seed
//   npm run results -- heatmap-documented --freihand FOLDER       a dataset prepared by prepare-freihand-whole.yaml
//   npm run results -- heatmap-documented --short                 a few batches
//
// On synthetic hands it sees pictures of 64 px first, four times as many in the same time.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { BLOBS_64, documentedConfig } from './heatmaps/documented-config.mjs';
import { minutesOf, opposable, recordOf, settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';

/** Epochs of 51 batches that three hours of two cores are enough for on FreiHAND, by the speed of `npm run bench -- heatmaps`. */
const EPOCHS = 70;

const { short, work, results, root } = settingsOf('heatmap-documented');
const at = process.argv.indexOf('--freihand');
const freihand = at < 0 ? undefined : process.argv[at + 1];
const run = join(work, freihand === undefined ? 'run' : 'run-freihand');

/** The tutorial's own settings on FreiHAND. */
function tutorialStages() {
  const text = readFileSync(new URL('../../apps/trainer/configs/heatmap-unet.yaml', import.meta.url), 'utf8')
    .replaceAll('data/prepared-freihand-whole', freihand)
    .replace(/^epochs: .*/m, `epochs: ${short ? 1 : EPOCHS}`)
    .replace(/^batchesPerEpoch: .*/m, `batchesPerEpoch: ${short ? 2 : 51}`)
    .replace(/^validationBatches: .*/m, `validationBatches: ${short ? 1 : 21}`)
    .replace(/^out: .*/m, `out: ${run}`);
  return {
    data: freihand,
    hands: 'FreiHAND, split by pose, with the settings of the tutorial',
    stages: [{ out: run, text }],
  };
}

async function syntheticStages() {
  const data = join(root, 'runs/results', short ? 'heatmap-documented-short/data' : 'heatmap-small-seed/data');
  const counts = short ? { train: 96, test: 48 } : { train: 24000, test: 500 };
  const about = ['--preset', 'seed', '--train', counts.train, '--test', counts.test, '--size', 128, '--seed', 7];
  await opposable(['synthesize', '--out', data, ...about], { unless: join(data, 'dataset.json') });
  const common = { data, warmUp: short ? 1 : 50, validationBatches: short ? 1 : 10 };
  const lengthOf = (epochs, batches) => (short ? { epochs: 1, batches: 2 } : { epochs, batches });
  const first = join(work, 'run-64');
  const stages = [
    {
      seed: 1,
      model: '{ variant: documented, inputSize: 64 }',
      ...{ heatmaps: BLOBS_64, rate: 0.003, final: 0.1, ...lengthOf(10, 500), out: first },
    },
    {
      seed: 2,
      model: `{ checkpoint: ${first}, inputSize: 128 }`,
      heatmaps: '{ sigma: 3, radius: 25 }',
      ...{ rate: 0.0015, final: 0.01, ...lengthOf(4, 250), out: run },
    },
  ];
  const hands = `${counts.train} synthetic images of the preset \`seed\``;
  return {
    data,
    hands,
    stages: stages.map((stage) => ({ out: stage.out, text: documentedConfig({ ...common, ...stage }) })),
  };
}

const { data, hands, stages } = freihand === undefined ? await syntheticStages() : tutorialStages();
for (const { out, text } of stages) {
  writeFileSync(`${out}.yaml`, text);
  await opposable(['train', `${out}.yaml`, '--resume']);
}
const evaluation = join(work, 'evaluation');
/** How maps become places; the first one has the table and the pictures. */
const DECODINGS = ['sharpened', 'local', 'argmax', 'expectation'];
const scoresOf = (decoding) => (decoding === DECODINGS[0] ? evaluation : `${evaluation}-${decoding}`);
for (const decoding of DECODINGS) {
  await opposable(['evaluate', data, '--checkpoint', run, '--out', scoresOf(decoding), '--decoding', decoding]);
}
const decodingRow = (decoding) => {
  const { meanOfImage, percentiles } = JSON.parse(readFileSync(join(scoresOf(decoding), 'scores.json'), 'utf8'));
  const share = (value) => (100 * value).toFixed(2);
  return `| \`${decoding}\` | ${[meanOfImage, percentiles[50], percentiles[90]].map(share).join(' | ')} |`;
};
const runs = stages.map(({ out }) => out);
const says = runs
  .map(recordOf)
  .map(
    ({ epochs, samplesPerSecond, last }) =>
      `${epochs} epochs at ${samplesPerSecond.toFixed(0)} images/s, loss ${last.train.toFixed(3)}, on the held-back images ${last.validation.toFixed(3)}`,
  );
mkdirSync(results, { recursive: true });
await sharp(join(evaluation, 'hands.png')).jpeg({ quality: 85 }).toFile(join(results, 'heatmap-documented.jpg'));
await writeFormatted(
  join(results, 'heatmap-documented.md'),
  `# The documented heat-map network

${hands}; ${minutesOf(runs).toFixed(0)} minutes of training on two threads: ${freihand === undefined ? `first at 64 px, ${says.join('; then at 128 px, ')}` : says[0]}.
Made by \`npm run results -- heatmap-documented${freihand === undefined ? '' : ' --freihand FOLDER'}\`.

\`\`\`
${readFileSync(join(evaluation, 'scores.txt'), 'utf8').trimEnd()}
\`\`\`

![best and worst hands](heatmap-documented.jpg)

## Ways to read a map

% of the image; the table above is of \`${DECODINGS[0]}\`.

| decoding | mean | half of the keypoints within | nine tenths within |
| --- | --- | --- | --- |
${DECODINGS.map(decodingRow).join('\n')}
`,
);
process.stdout.write(`Written: ${results}\n`);

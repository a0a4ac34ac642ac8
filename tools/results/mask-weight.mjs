// Does the hand shrink inside of its mask? The same pretrained network goes on with the mask's weight kept at 100, lowered
// to 10 and to 1 on the way, and at 10 throughout; the ratio of predicted to true 2D extent tells.
//
//   npm run results -- mask-weight             makes docs/results/mask-weight.md and pictures (about twenty minutes, less after another)
//   npm run results -- mask-weight --short     the same in a minute, into runs/ only
//
// It may be stopped and started again: stages that have ended are not repeated, one that was interrupted goes on.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';
import { evaluateTogether, MACHINE, smallStart, smallTraining, timingOf } from './regressors/small-runs.mjs';

const { short, work, results } = settingsOf('mask-weight');
const size = short
  ? { train: 60, test: 20, size: 64, pretrain: 4 }
  : { train: 8000, test: 500, size: 128, pretrain: 1000 };
const iterations = short ? 9 : 480;
const third = iterations / 3;

const VARIANTS = [
  { name: 'mask-100', says: '100 throughout', schedule: '[]', weight: 100 },
  { name: 'mask-100-10', says: '100, then 10', schedule: `[{ from: ${third}, weight: 10 }]`, weight: 100 },
  {
    name: 'mask-100-10-1',
    says: '100, then 10, then 1',
    schedule: `[{ from: ${third}, weight: 10 }, { from: ${2 * third}, weight: 1 }]`,
    weight: 100,
  },
  { name: 'mask-10', says: '10 throughout', schedule: '[]', weight: 10 },
];

const base = await smallStart(settingsOf('small-start').work, size);
const runs = [base.start];
for (const { name, schedule, weight } of VARIANTS) {
  const lines = {
    iterations,
    learningRateStep: `{ every: ${third}, factor: 0.5 }`,
    weights: `{ keypoints2d: 4, keypoints3d: 20000, mask: ${weight}, regularization: 0.1 }`,
    maskSchedule: schedule,
  };
  runs.push(await smallTraining(work, base, { config: 'train-perspective-small', name, lines }));
}
const evaluation = join(work, 'evaluation');
const { value } = await evaluateTogether(evaluation, runs, base.data);
const row = (name, says) =>
  `| ${[
    says,
    value(name, 'predicted / true 2D extent', '').toFixed(3),
    value(name, '2D mean', 'px of 256').toFixed(2),
    value(name, '2D mean', '% of the side').toFixed(2),
    value(name, 'PA-MPJPE', 'mm').toFixed(2),
  ].join(' | ')} |`;
const seconds = VARIANTS.reduce((sum, { name }) => sum + timingOf(join(work, name), 'train').seconds, 0);
mkdirSync(results, { recursive: true });
for (const name of ['mask-100', 'mask-100-10-1']) {
  const picture = sharp(join(evaluation, `${name}/hands.png`)).jpeg({ quality: 85 });
  await picture.toFile(join(results, `${name}.jpg`));
}
await writeFormatted(
  join(results, 'mask-weight.md'),
  `# The weight of the mask term, and the size of the hand

${size.train} synthetic images (preset demo, ${size.size} px), ${size.test} held back. The small network after ${size.pretrain} steps of
pretraining goes on for ${iterations} steps of 64 with the perspective 3D term (weights 2D 4, 3D 20000, regularisation 0.1; the detached one shrinks hands by itself) and
the mask weights below. Extent: root mean square distance of the 2D keypoints from their mean, predicted over true.
Made by \`npm run results -- mask-weight\` in ${(seconds / 60).toFixed(1)} minutes of training on ${MACHINE}.

| mask weight | predicted / true extent | 2D error, px of 256 | % of the side | PA-MPJPE, mm |
| --- | --- | --- | --- | --- |
${row('pretrain-small', 'before, pretrained only')}
${VARIANTS.map(({ name, says }) => row(name, says)).join('\n')}

Hands with the weight kept at 100, from the best to the worst:

![hands, weight 100](mask-100.jpg)

With the weight lowered to 10 and to 1:

![hands, weight 100, 10, 1](mask-100-10-1.jpg)
`,
);
process.stdout.write(`Written: ${results}\n`);

// Does the hand shrink inside of its mask? The same pretrained network goes on without the mask term, with its weight at 100
// throughout, and with 100 lowered to 10 and to 1 on the way, each with three orders of the samples; the ratio of predicted to true
// 2D extent tells. Runs of one order see the same batches, so a weight is compared with none by the differences within the orders.
//
//   npm run results -- mask-weight             makes docs/results/mask-weight.md and pictures (about half an hour, less after another)
//   npm run results -- mask-weight --short     the same in two minutes, into runs/ only
//
// It may be stopped and started again: stages that have ended are not repeated, one that was interrupted goes on.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';
import { againstControl, meanOf } from './regressors/against-control.mjs';
import { evaluateTogether, MACHINE, smallStart, smallTraining, timingOf } from './regressors/small-runs.mjs';

const { short, work, results } = settingsOf('mask-weight');
const size = short
  ? { train: 60, test: 20, size: 64, pretrain: 4 }
  : { train: 8000, test: 500, size: 128, pretrain: 1000 };
const iterations = short ? 9 : 480;
const third = iterations / 3;
const SEEDS = short ? [1, 2] : [1, 2, 3];

const CONTROL = { name: 'mask-0', says: '0, the control', schedule: '[]', weight: 0 };
const VARIANTS = [
  CONTROL,
  { name: 'mask-100', says: '100 throughout', schedule: '[]', weight: 100 },
  { name: 'mask-100-10', says: '100, then 10', schedule: `[{ from: ${third}, weight: 10 }]`, weight: 100 },
  {
    name: 'mask-100-10-1',
    says: '100, then 10, then 1',
    schedule: `[{ from: ${third}, weight: 10 }, { from: ${2 * third}, weight: 1 }]`,
    weight: 100,
  },
];
const runName = (name, seed) => `${name}-seed-${seed}`;
const names = VARIANTS.flatMap(({ name }) => SEEDS.map((seed) => runName(name, seed)));

const base = await smallStart(settingsOf('small-start').work, size);
const runs = [base.start];
for (const { name, schedule, weight } of VARIANTS) {
  for (const seed of SEEDS) {
    const lines = {
      seed,
      iterations,
      learningRateStep: `{ every: ${third}, factor: 0.5 }`,
      weights: `{ keypoints2d: 4, keypoints3d: 20000, mask: ${weight}, regularization: 0.1 }`,
      maskSchedule: schedule,
    };
    runs.push(await smallTraining(work, base, { config: 'train-perspective-small', name: runName(name, seed), lines }));
  }
}
const evaluation = join(work, 'evaluation');
const { value } = await evaluateTogether(evaluation, runs, base.data);
const extent = (run) => value(run, 'predicted / true 2D extent', '');
const extents = ({ name }) => SEEDS.map((seed) => extent(runName(name, seed)));
const line = (cells) => `| ${cells.join(' | ')} |`;
/** Errors of runs, each the mean over them. */
const errors = (runs) => [
  meanOf(runs.map((run) => value(run, '2D mean', 'px of 256'))).toFixed(2),
  meanOf(runs.map((run) => value(run, '2D mean', '% of the side'))).toFixed(2),
  meanOf(runs.map((run) => value(run, 'PA-MPJPE', 'mm'))).toFixed(2),
];
const start = 'pretrain-small';
const before = line([
  'before, pretrained only',
  ...SEEDS.map(() => ''),
  extent(start).toFixed(3),
  '',
  ...errors([start]),
]);
const rows = VARIANTS.map((variant) => {
  const found = extents(variant);
  return line([
    variant.says,
    ...found.map((each) => each.toFixed(3)),
    meanOf(found).toFixed(3),
    variant === CONTROL ? '' : againstControl(found, extents(CONTROL)),
    ...errors(SEEDS.map((seed) => runName(variant.name, seed))),
  ]);
});
const columns = [
  'mask weight',
  ...SEEDS.map((seed) => `extent, order ${seed}`),
  'mean',
  'minus the control',
  '2D error, px of 256',
  '% of the side',
  'PA-MPJPE, mm',
];
const seconds = names.reduce((sum, name) => sum + timingOf(join(work, name), 'train').seconds, 0);
mkdirSync(results, { recursive: true });
for (const name of ['mask-100', 'mask-100-10-1']) {
  const picture = sharp(join(evaluation, `${runName(name, SEEDS[0])}/hands.png`)).jpeg({ quality: 85 });
  await picture.toFile(join(results, `${name}.jpg`));
}
await writeFormatted(
  join(results, 'mask-weight.md'),
  `# The weight of the mask term, and the size of the hand

${size.train} synthetic images (preset demo, ${size.size} px), ${size.test} held back. The small network after ${size.pretrain} steps of
pretraining goes on for ${iterations} steps of 64 with the perspective 3D term (weights 2D 4, 3D 20000, regularisation 0.1; the detached one shrinks hands by itself) and
the mask weights below, with ${SEEDS.length} orders of the samples each. Extent: root mean square distance of the 2D keypoints from their mean, predicted over true.
The control is trained without the mask term, so what its hands have lost in size, the other terms have taken. The column after the mean
is the mean difference from the control's run of the same order, and the standard error of that mean; errors are means over the orders.
Made by \`npm run results -- mask-weight\` in ${(seconds / 60).toFixed(1)} minutes of training on ${MACHINE}.

${line(columns)}
${line(columns.map(() => '---'))}
${before}
${rows.join('\n')}

Hands with the weight kept at 100, from the best to the worst:

![hands, weight 100](mask-100.jpg)

With the weight lowered to 10 and to 1:

![hands, weight 100, 10, 1](mask-100-10-1.jpg)
`,
);
process.stdout.write(`Written: ${results}\n`);

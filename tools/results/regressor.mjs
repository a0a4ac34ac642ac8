// A ResNet-18 at 128 px on synthetic hands of the seed's preset, trained for an hour on two cores, measured on 2,000 held-back
// images beside the mean hand; then resumed until three hours are over.
//
//   npm run results -- regressor                    one hour (--minutes 60), then docs/results/regressor.md
//   npm run results -- regressor --until 180        goes on to 180 minutes of training in all, and writes both rows
//   npm run results -- regressor --short            the same in two minutes, into runs/ only
//
// It may be stopped and started again: what is done is not repeated, a stage that was interrupted goes on. How many steps fit
// into the time is measured once, on a short training, and kept in runs/results/regressor/plan.json.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { opposable, settingsOf } from './heatmaps/run-opposable.mjs';
import { evaluateTogether, MACHINE, timingOf } from './regressors/small-runs.mjs';

const { short, work, results } = settingsOf('regressor');
const numberAfter = (flag, otherwise) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const minutes = numberAfter('--minutes', short ? 0.5 : 60);
const until = numberAfter('--until', undefined);
const size = short
  ? { train: 40, test: 20, pixels: 64, batch: 8 }
  : { train: 18000, test: 2000, pixels: 128, batch: 32 };
/** Part of the time that goes to pretraining. */
const PRETRAIN_SHARE = 0.6;
/** Steps of the training that the speed is measured on. */
const PROBE = short ? 2 : 40;

const data = join(work, 'data');
await opposable(
  [
    'synthesize',
    '--preset',
    'seed',
    '--out',
    data,
    '--train',
    size.train,
    '--test',
    size.test,
    '--size',
    size.pixels,
    '--seed',
    11,
  ],
  { unless: join(data, 'dataset.json') },
);

const common = (out, iterations, rate) => `seed: 1
data: { prepared: ${data}, split: train }
validation: { prepared: ${data}, split: test, count: 200 }
optimizer:
  batchSize: ${size.batch}
  iterations: ${iterations}
  learningRate: ${rate}
  warmUp: ${short ? 1 : 200}
  learningRatePlateau: { factor: 0.5, every: ${short ? 5 : 200}, patience: 4, minimum: 0.000005 }
augmentation: { gain: [0.8, 1.2], noise: 1 }
keep: { validateEvery: ${short ? 10 : 500} }
out: ${out}
`;
/** The open hand's coefficients have unit deviation: the weights of the small configurations. */
const pretrainConfig = (out, iterations) => `model: { encoder: resnet18, inputSize: ${size.pixels} }
weights: { scale: 0.0001, translation: 0.0025, rotation: 9, pose: 18, betas: 0.5 }
poseMetric: angles
${common(out, iterations, 0.001)}`;
const trainConfig = (out, iterations, start) => `model: { checkpoint: ${start} }
weights: { keypoints2d: 4, keypoints3d: 20000, mask: 10, regularization: 0.1 }
maskSchedule: { onPlateau: [100, 10, 1] }
keypoints3dVariant: perspective
betaWeight: 1
${common(out, iterations, 0.0005)}`;

const folder = (name) => join(work, name);
const write = (name, text) => {
  const path = join(work, `${name}.yaml`);
  writeFileSync(path, text);
  return path;
};
const ended = (run) => existsSync(join(run, 'evaluation/scores.json'));

/** How many steps of each stage fit into the time: the speed of a few is measured, without the first compilation. */
async function plan() {
  const path = join(work, 'plan.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const speeds = {};
  for (const [kind, config] of [
    ['pretrain', pretrainConfig(folder('probe-pretrain'), PROBE)],
    ['train', trainConfig(folder('probe-train'), PROBE, folder('probe-pretrain'))],
  ]) {
    await opposable([kind, write(`probe-${kind}`, config), '--overwrite']);
    speeds[kind] = timingOf(folder(`probe-${kind}`), kind).samplesPerSecond / size.batch;
  }
  for (const kind of ['pretrain', 'train']) rmSync(folder(`probe-${kind}`), { recursive: true });
  writeFileSync(path, JSON.stringify({ stepsPerSecond: speeds, minutes }, null, 1));
  return JSON.parse(readFileSync(path, 'utf8'));
}

const planned = await plan();
const steps = (kind, time) => Math.max(2, Math.round(planned.stepsPerSecond[kind] * 60 * time));
const pretrainSteps = steps('pretrain', planned.minutes * PRETRAIN_SHARE);
const trainSteps = steps('train', planned.minutes * (1 - PRETRAIN_SHARE));

const [pretrained, trained, kept] = [folder('pretrain'), folder('train'), folder('train-first')];
if (!ended(pretrained))
  await opposable(['pretrain', write('pretrain', pretrainConfig(pretrained, pretrainSteps)), '--resume']);
const config = write('train', trainConfig(trained, trainSteps, pretrained));
if (!ended(trained)) await opposable(['train', config, '--resume']);
if (!existsSync(kept)) cpSync(trained, kept, { recursive: true }); // what the first hour reached

const seconds = (run, kind) => timingOf(run, kind).seconds;
const rows = [
  {
    run: pretrained,
    name: 'pretrain',
    says: `pretraining, ${pretrainSteps} steps`,
    time: seconds(pretrained, 'pretrain'),
  },
  {
    run: kept,
    name: 'train-first',
    says: `then training, ${trainSteps} steps`,
    time: seconds(pretrained, 'pretrain') + seconds(kept, 'train'),
  },
];
if (until !== undefined) {
  const all = trainSteps + steps('train', until - planned.minutes);
  await opposable(['train', config, '--resume', '--iterations', all]);
  rows.push({
    run: trained,
    name: 'train',
    says: `resumed to ${all} steps of training`,
    time: rows[1].time + seconds(trained, 'train'),
  });
}

const evaluation = folder('evaluation');
const { text, value } = await evaluateTogether(
  evaluation,
  rows.map(({ run }) => run),
  data,
  ['--baseline', 'train'],
);
const row = (name, says, time) =>
  `| ${[
    says,
    time === undefined ? '–' : (time / 60).toFixed(1),
    value(name, '2D mean', 'px of 256').toFixed(2),
    value(name, '2D mean', '% of the side').toFixed(2),
    value(name, 'PA-MPJPE', 'mm').toFixed(2),
    value(name, 'predicted / true 2D extent', '').toFixed(3),
  ].join(' | ')} |`;
mkdirSync(results, { recursive: true });
cpSync(join(evaluation, '2d-pck.png'), join(results, 'regressor-pck.png'));
cpSync(join(evaluation, `${rows.at(-1).name}/hands.png`), join(results, 'regressor-hands.png'));
writeFileSync(
  join(results, 'regressor.md'),
  `# ResNet-18 at ${size.pixels} px on synthetic hands

${size.train} training images of the preset \`seed\`, ${size.test} held back. Batches of ${size.batch}, pretraining at 0.001, then the
perspective loss at 0.0005, rates halved on a plateau, the mask's weight 100 → 10 → 1 on a plateau. Made by
\`npm run results -- regressor\` on ${MACHINE}. Minutes are those of training, all stages so far.

| | minutes | 2D error, px of 256 | % of the side | PA-MPJPE, mm | predicted / true extent |
| --- | --- | --- | --- | --- | --- |
${row('mean-hand', 'the mean hand of the training set')}
${rows.map(({ name, says, time }) => row(name, says, time)).join('\n')}

![2D PCK](regressor-pck.png)

![hands, from the best to the worst](regressor-hands.png)

\`\`\`
${text}
\`\`\`
`,
);
process.stdout.write(`Written: ${results}\n`);

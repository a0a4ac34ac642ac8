// A ResNet-18 at 128 px on synthetic hands of the seed's preset, trained for an hour on two cores, measured on 2,000 held-back
// images beside the mean hand; then resumed until three hours are over. As in 3dhand it sees heat maps beside the image: those of
// `npm run results -- heatmap-small --preset seed`, whose training counts as part of the hour. It sees images of 64 px first, two to
// three times as many in the same time.
//
//   npm run results -- regressor                    one hour (--minutes 60), then docs/results/regressor.md
//   npm run results -- regressor --until 180        goes on to 180 minutes of training in all, and writes both rows
//   npm run results -- regressor --short            the same in a few minutes, into runs/ only
//
// It may be stopped and started again: what is done is not repeated, a stage that was interrupted goes on. How many steps fit
// into the time is measured once, on a short training, and kept in runs/results/regressor/plan.json.
//
// Tried first, with the small network at 64 px, which makes 1,000 images/s, and 18,000 hands; error of the keypoints on 300 or 500
// held-back hands, px of 256, and PA-MPJPE (the mean hand on 2,000: 72.6 px, 20.1 mm):
//   pretraining, image alone                                   48.4 px, 19.9 mm after 32,000 samples, 43.7, 19.6 after 64,000, and
//                                                              47.3 px, 18.9 mm after 192,000: it learns the images by heart
//   2D, 3D and a weak prior (1) from the start, image alone    42.3 px, 30.7 mm after 32,000 samples, 37.6, 27.1 after 192,000: the
//                                                              hand grows flat, its rotation is not learned
//   2D, 3D and the 22 numbers together, image alone            49.0 px, 21.8 mm after 32,000 samples, 45.1, 20.9 after 64,000
//   pretraining, image and heat maps                           31.1 px, 17.9 mm after 32,000 samples, 26.4, 17.6 after 64,000
//   then 2D (4), perspective 3D (100000), the 22 numbers       29.1 px, 19.7 mm after 38,000 more: the 3D term did not fall and
//                                                              the scale's error grew, through which that term has a gradient
//   then 2D and the 22 numbers, without 3D                     20.9 px, 17.5 mm after 38,000 more
//
// A dead end at full size: 2D, the 22 numbers and masks at 128 px with a mask weight of 10 and a rate of 0.0005 that does not fall made
// both errors worse in 18,600 samples, from 19.3 px and 17.2 mm to 22.0 and 19.2. With a weight of 1 and half a cosine they stay: 18.0
// px and 17.2 mm before, 18.3 and 17.1 after 14,000 samples. The six pose coefficients are what is not learned: their mean square is
// 1.2, against 1.33 of the mean hand.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minutesOf, opposable, settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';
import { evaluateTogether, MACHINE } from './regressors/small-runs.mjs';

const { short, work, results, root } = settingsOf('regressor');
const numberAfter = (flag, otherwise) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const minutes = numberAfter('--minutes', short ? 0.5 : 60);
const until = numberAfter('--until', undefined);
const size = short
  ? { train: 40, test: 20, pixels: 64, coarse: 32, batch: 8 }
  : { train: 18000, test: 2000, pixels: 128, coarse: 64, batch: 32 };
/** Parts of the time that is left when the heat maps' network has been trained: at 64 px, at 64 px, at 128 px. */
const SHARES = { pretrain: 0.3, coarse: 0.45, train: 0.25 };
/** What the networks see: a plan of others is none of theirs. */
const INPUTS = 'image and heat maps';
/** Steps of the training that the speed is measured on. */
const PROBE = short ? 2 : 40;

const data = join(work, 'data');
const folder = (name) => join(work, name);
/** What the stage at 128 px takes over. */
const weights = join(work, 'coarse.safetensors');
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

const maps = join(root, 'runs/results', `heatmap-small-seed${short ? '-short' : ''}`);
if (!existsSync(join(maps, 'evaluation/scores.json'))) {
  const script = fileURLToPath(new URL('heatmap-small.mjs', import.meta.url));
  const words = [script, '--preset', 'seed', ...(short ? ['--short'] : [])];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`heatmap-small ended with exit code ${status}.`);
}
const mapMinutes = short ? 0 : minutesOf([join(maps, 'run-64'), join(maps, 'run')]);
await opposable(['heatmaps', data, '--checkpoint', join(maps, 'run'), '--format', 'array'], {
  unless: join(data, 'heatmaps/heatmaps.json'),
});

const common = (out, iterations, rate, schedule) => `seed: 1
data: { prepared: ${data}, split: train }
validation: { prepared: ${data}, split: test, count: 200 }
optimizer:
  batchSize: ${size.batch}
  iterations: ${iterations}
  learningRate: ${rate}
  warmUp: ${short ? 1 : 50}
  ${schedule}
augmentation: { gain: [0.8, 1.2], noise: 1 }
keep: { validateEvery: ${short ? 10 : 250} }
out: ${out}
`;
const PLATEAU = `learningRatePlateau: { factor: 0.5, every: ${short ? 5 : 100}, patience: 4, minimum: 0.00001 }`;
const COSINE = 'learningRateCosine: { final: 0.05 }';
const network = (pixels, more = '') => `model: { encoder: resnet18, inputSize: ${pixels}, channels: 24${more} }`;
const METRICS = 'poseMetric: angles\n  rotationMetric: chordal';
/** Keypoints, masks and the 22 numbers together. The open hand's coefficients have unit deviation, unlike MANO's. */
const together = (mask) => `weights: { keypoints2d: 4, keypoints3d: 0, mask: ${mask}, regularization: 0 }
parameters:
  weights: { scale: 0.0001, translation: 0.0025, rotation: 60, pose: 100, betas: 500 }
  ${METRICS}
keypoints3dVariant: perspective`;
const configs = {
  pretrain: (out, iterations) => `${network(size.coarse)}
weights: { scale: 0.0001, translation: 0.0025, rotation: 18, pose: 18, betas: 0.02 }
${METRICS.replaceAll('\n  ', '\n')}
${common(out, iterations, 0.001, COSINE)}`,
  coarse: (out, iterations, folder) => `model: { checkpoint: ${folder('pretrain')} }
${together(0)}
${common(out, iterations, 0.0007, COSINE)}`,
  train: (out, iterations) => `${network(size.pixels, `, pretrained: ${weights}`)}
${together(1)}
${common(out, iterations, 0.0004, COSINE)}`,
  longer: (out, iterations, folder) => `model: { checkpoint: ${folder('train')} }
${together(1)}
${common(out, iterations, 0.0004, PLATEAU)}`,
};

const ended = (run) => existsSync(join(run, 'evaluation/scores.json'));
const commandOf = (stage) => (stage === 'pretrain' ? 'pretrain' : 'train');

/** Trains one stage, goes on where it was interrupted, and does nothing where it has ended. */
async function train(stage, iterations, prefix = '') {
  const out = folder(prefix + stage);
  const path = join(work, `${prefix}${stage}.yaml`);
  writeFileSync(
    path,
    configs[stage](out, iterations, (name) => folder(prefix + name)),
  );
  if (!ended(out)) await opposable([commandOf(stage), path, '--resume']);
  if (stage === 'coarse') await opposable(['export', out, weights], { unless: weights });
  return out;
}

/** Seconds of all of a stage's iterations, however often it was stopped between. */
function secondsOf(stage) {
  const lines = readFileSync(join(folder(stage), `metrics-${commandOf(stage)}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  let [before, seconds] = [0, 0];
  for (const { iteration, samplesPerSecond } of lines.map((line) => JSON.parse(line))) {
    seconds += ((iteration - before) * size.batch) / samplesPerSecond;
    before = iteration;
  }
  return seconds;
}

/** How many steps of each stage fit into the time: the speed of a few is measured, without the first compilation. */
async function plan() {
  const path = join(work, 'plan.json');
  const made = existsSync(path) && JSON.parse(readFileSync(path, 'utf8'));
  if (made && made.inputs === INPUTS && Object.keys(SHARES).every((stage) => made.stepsPerSecond[stage] > 0))
    return made;
  // none, or that of other stages or inputs, whose runs would be taken for these
  for (const name of [...Object.keys(SHARES), 'longer']) rmSync(folder(name), { recursive: true, force: true });
  rmSync(weights, { force: true });
  const stepsPerSecond = {};
  for (const stage of Object.keys(SHARES)) {
    const out = await train(stage, PROBE, 'probe-');
    const { timing } = JSON.parse(readFileSync(join(out, `summary-${commandOf(stage)}.json`), 'utf8'));
    stepsPerSecond[stage] = timing.samplesPerSecond / size.batch;
  }
  for (const stage of Object.keys(SHARES)) rmSync(folder(`probe-${stage}`), { recursive: true });
  rmSync(weights);
  writeFileSync(path, JSON.stringify({ inputs: INPUTS, stepsPerSecond, minutes }, null, 1));
  return JSON.parse(readFileSync(path, 'utf8'));
}

const planned = await plan();
const stepsIn = (stage, time) => Math.max(2, Math.round(planned.stepsPerSecond[stage] * 60 * time));
const counts = Object.fromEntries(
  Object.entries(SHARES).map(([stage, share]) => [stage, stepsIn(stage, (planned.minutes - mapMinutes) * share)]),
);
if (until !== undefined) counts.longer = stepsIn('train', until - planned.minutes);
for (const [stage, steps] of Object.entries(counts)) await train(stage, steps);

const SAYS = {
  pretrain: `pretraining at ${size.coarse} px, ${counts.pretrain} steps of ${size.batch}`,
  coarse: `then training at ${size.coarse} px, ${counts.coarse} steps`,
  train: `then at ${size.pixels} px, ${counts.train} steps`,
  longer: `then ${counts.longer} steps more, the rate halved on a plateau`,
};
let time = mapMinutes * 60;
const rows = Object.keys(counts).map((stage) => {
  time += secondsOf(stage);
  return { run: folder(stage), name: stage, says: SAYS[stage], time };
});

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
await writeFormatted(
  join(results, 'regressor.md'),
  `# ResNet-18 at ${size.pixels} px on synthetic hands

${size.train} training images of the preset \`seed\`, ${size.test} held back. The network sees
the image and the 21 heat maps of [the small heat-map network](heatmap-small-seed.md), which was trained for ${mapMinutes.toFixed(1)} minutes on
other hands. Pretraining on the 22 numbers, the rotation's error as that of a rotation, at ${size.coarse} px; then on 2D keypoints
and the 22 numbers together; then at ${size.pixels} px with masks too, at weight 1. Made by \`npm run results -- regressor\` on ${MACHINE}. Minutes are those of training, the heat-map network's
and all stages so far.

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

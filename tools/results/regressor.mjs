// A ResNet-18 at 128 px on synthetic hands of the seed's preset, trained for an hour on two cores, measured on 2,000 held-back
// images beside the mean hand; then resumed until three hours are over. As in 3dhand it sees heat maps beside the image. They are
// those of the documented heat-map network, trained at 64 px on other hands; this training counts as part of the hour, most of it.
// Where the maps have their keypoints is lifted to the 22 numbers by a small network, on the 22 numbers first, then on 2D
// keypoints and them; a ResNet learns to correct it.
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
// both errors worse in 18,600 samples, from 19.3 px and 17.2 mm to 22.0 and 19.2. With a weight of 1 and half a cosine they stayed: 18.0
// px and 17.2 mm before, 18.3 and 17.1 after 14,000 samples.
//
// An hour of a ResNet that sees the maps of the small heat-map network (7.5 % of the image off) as channels alone ended at 18.3 px
// and 17.1 mm: it hardly learnt the six pose coefficients, whose mean square error was 1.2 against 1.33 of the mean hand. Yet the
// true keypoints, as 42 numbers, give the hand to 6.2 mm and 7.2 px after three linear layers have seen 358,000 of them, with
// normal noise of 1.5 % of the side on each coordinate to 7.7 mm and 8.7 px, with 2.8 % to 10.1 mm and 10.7 px: hence the lifting.
//
// Lifting alone, from maps of the documented network after 100,800 images of 64 px (6.4 % of the image off, half of the keypoints
// within 3.1 %), is at 17.1 px and 15.0 mm on the 2,000 after 256,000 hands that are not turned. With places that are read once and
// turned with the labels, 4,900 samples/s instead of 1,100 (104 through a loader that turned the maps themselves), it is at 17.1 px
// and 14.6 mm on 500 after 768,000 hands in 2.6 minutes, its errors of training and held-back hands nearly the same; 320,000 hands
// more on 2D keypoints (4) and the 22 numbers come to 13.6 px and 14.5 mm, in another minute. A 3D term among them does harm:
// `normalized-detached` at 1000 ends at 14.9 px and 15.1 mm.
//
// Upon it a ResNet-18 at 64 px has corrected nothing after 11,500 images (13.6 px, 14.5 mm), the lifting frozen; it takes 30
// images/s, hardly more than at 128 px, where the batches of its two replicas are of 32 images.
// Maps that are better by more training help both errors more: from 6.4 to 4.7 % of the image off, and the same lifting is at 11.2
// px and 13.0 mm on 200 of those hands (11.5 px and 13.7 mm on the 2,000). Hence the ResNet's share is small.
// With 4.3 % it is at 10.4 px and 12.5 mm on the 200 (10.4 px and 12.7 mm on the 2,000), and 241 steps of 16 of a ResNet change
// nothing, as 63 of 64 did not.
//
// The maps' network learns in batches of 16: after 12,960 images at 64 px, one thread, one run each, it is 11.3 % of the image off
// (rate 0.0015), with batches of 48 17.0 (0.003), of 8 11.0 (0.0015) in 15 % more time; with batches of 16 and a rate of 0.003 the
// validation loss ends at 0.81 instead of 0.80, with 48 at 0.90. Over 170,000 images it is 0.476, and 0.481 after 183,000 in batches
// of 48. Likewise the small network at 64 px after 24,000 images: 14.7 % with batches of 8 (0.0015), 16.1 of 32 (0.003).
//
// In the recorded hour the second training of the maps and the ResNet's batches of 16 were decided on when the first training of the
// maps had turned out faster than the probe, before anything of that run was measured on the 2,000 hands.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFormatted } from './documents/write-formatted.mjs';
import { BLOBS_64, documentedConfig } from './heatmaps/documented-config.mjs';
import { minutesOf, opposable, recordOf, settingsOf } from './heatmaps/run-opposable.mjs';
import { evaluateTogether, MACHINE } from './regressors/small-runs.mjs';

const { short, work, results, root } = settingsOf('regressor');
const numberAfter = (flag, otherwise) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const minutes = numberAfter('--minutes', short ? 0.5 : 60);
const until = numberAfter('--until', undefined);
const size = short
  ? { train: 60, test: 20, others: 96, pixels: 64, coarse: 32 }
  : { train: 18000, test: 2000, others: 24000, pixels: 128, coarse: 64 };
/** The heat maps' training: its part of the time, in which its rate falls once. */
const MAPS = { share: 0.8, epochs: short ? 1 : 12, rate: 0.0015, batchSize: 16 };
/** Where more than so many minutes of its part are left, because the machine was faster than in the probe, it goes on. */
const MORE = { from: 3, epochs: 4, rate: 0.0007 };
/** Parts of what is left of the time then. */
const SHARES = { lift: 0.25, place: 0.25, train: 0.5 };
const BATCHES = short ? { lift: 8, place: 8, train: 8, longer: 8 } : { lift: 128, place: 128, train: 16, longer: 16 };
/** Steps of trainings that the speed is measured on. */
const PROBES = short ? { maps: 2, lift: 2, place: 2, train: 2 } : { maps: 60, lift: 300, place: 300, train: 40 };

const folder = (name) => join(work, name);
const file = (name) => join(work, `${name}.safetensors`);

/** A dataset of the preset; the other hands are those of the heat-map results. */
async function synthesize(out, train, test, seed) {
  const about = ['--preset', 'seed', '--train', train, '--test', test, '--size', size.pixels, '--seed', seed];
  await opposable(['synthesize', '--out', out, ...about], { unless: join(out, 'dataset.json') });
  return out;
}
const others = short ? folder('others') : join(root, 'runs/results/heatmap-small-seed/data');
await synthesize(others, size.others, short ? 20 : 500, 7);
const data = await synthesize(folder('data'), size.train, size.test, 11);

/** Trains the heat maps' network, from another's weights or from random ones, or goes on. */
async function trainMaps(out, { epochs, rate, from, seconds, speed }) {
  const { batchSize } = MAPS;
  const batches = Math.max(1, Math.round((speed * seconds) / batchSize / epochs));
  const model = from === undefined ? `variant: documented, inputSize: ${size.coarse}` : `checkpoint: ${from}`;
  const text = documentedConfig({
    ...{ seed: from === undefined ? 1 : 2, model: `{ ${model} }`, data: others, heatmaps: BLOBS_64 },
    ...{ rate, batchSize, final: 0.01, warmUp: short ? 1 : 100, epochs, batches },
    ...{ validationBatches: short ? 1 : 30, out },
  });
  writeFileSync(`${out}.yaml`, text);
  await opposable(['train', `${out}.yaml`, '--resume']);
  return out;
}

/** How fast something is, measured once. */
async function measured(name, measure) {
  const path = join(work, 'plan.json');
  const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  if (known[name] === undefined) {
    known[name] = await measure();
    writeFileSync(path, JSON.stringify(known, null, 1));
  }
  return known[name];
}

const imagesPerSecond = await measured('mapImagesPerSecond', async () => {
  const probe = folder('probe-maps');
  // the first epoch has the compilation in it
  await trainMaps(probe, { epochs: 2, rate: MAPS.rate, speed: 2 * PROBES.maps * MAPS.batchSize, seconds: 1 });
  const { last } = recordOf(probe);
  rmSync(probe, { recursive: true });
  return last.samplesPerSecond;
});
const planSeconds = 60 * minutes * MAPS.share;
const mapStages = [await trainMaps(folder('maps'), { ...MAPS, speed: imagesPerSecond, seconds: planSeconds })];
const more = await measured('more', () => ({
  seconds: planSeconds - 60 * minutesOf(mapStages),
  speed: recordOf(mapStages[0]).samplesPerSecond,
}));
if (more.seconds > 60 * MORE.from) {
  mapStages.push(await trainMaps(folder('maps-more'), { ...MORE, ...more, from: mapStages[0] }));
}
const maps = mapStages.at(-1);
const mapMinutes = minutesOf(mapStages);
await opposable(['heatmaps', data, '--checkpoint', maps, '--format', 'array'], {
  unless: join(data, 'heatmaps/heatmaps.json'),
});

const PLATEAU = `learningRatePlateau: { factor: 0.5, every: ${short ? 5 : 400}, patience: 4, minimum: 0.00001 }`;
const COSINE = 'learningRateCosine: { final: 0.02 }';
const common = (stage, out, iterations, rate, { schedule = COSINE, frozen } = {}) => `seed: 1
data: { prepared: ${data}, split: train }
validation: { prepared: ${data}, split: test, count: 200 }
optimizer:
  batchSize: ${BATCHES[stage]}
  iterations: ${iterations}
  learningRate: ${rate}
  warmUp: ${short ? 1 : 100}
  ${schedule}${frozen === undefined ? '' : `\n  frozen: [${frozen}]`}
augmentation: { rotation: 180, shift: 0.04, scale: [0.9, 1.1], gain: [0.8, 1.2], noise: 1 }
keep: { validateEvery: ${short ? 10 : 250} }
out: ${out}
`;
const METRICS = 'poseMetric: angles\n  rotationMetric: chordal';
/** The open hand's coefficients have unit deviation, unlike MANO's. */
const WEIGHTS = '{ scale: 0.0001, translation: 0.0025, rotation: 60, pose: 100, betas: 500 }';
const numbers = `weights: ${WEIGHTS}\n${METRICS.replaceAll('\n  ', '\n')}`;
/** Keypoints, masks and the 22 numbers together. */
const together = (mask) => `weights: { keypoints2d: 4, keypoints3d: 0, mask: ${mask}, regularization: 0 }
parameters:
  weights: ${WEIGHTS}
  ${METRICS}
keypoints3dVariant: perspective`;
const resnet = (pixels, from) =>
  `model: { encoder: resnet18, inputSize: ${pixels}, channels: 24, keypointFeatures: true, pretrained: ${file(from)} }`;
const configs = {
  lift: (name, out, iterations) => `model: { encoder: keypoints, inputSize: ${size.coarse}, channels: 24 }
${numbers}
${common('lift', out, iterations, 0.001)}`,
  place: (name, out, iterations) => `model: { checkpoint: ${folder(name('lift'))} }
${together(0)}
${common('place', out, iterations, 0.0005)}`,
  train: (name, out, iterations) => `${resnet(size.pixels, name('place'))}
${together(1)}
${common('train', out, iterations, 0.0004, { frozen: 'places.' })}`,
  longer: (name, out, iterations) => `model: { checkpoint: ${folder(name('train'))} }
${together(1)}
${common('longer', out, iterations, 0.0002, { schedule: PLATEAU })}`,
};

const ended = (run) => existsSync(join(run, 'evaluation/scores.json'));
const commandOf = (stage) => (stage === 'lift' ? 'pretrain' : 'train');

/** Trains one stage, goes on where it was interrupted, and does nothing where it has ended. */
async function train(stage, iterations, prefix = '') {
  const name = (of) => prefix + of;
  const out = folder(name(stage));
  writeFileSync(`${out}.yaml`, configs[stage](name, out, iterations));
  if (!ended(out)) await opposable([commandOf(stage), `${out}.yaml`, '--resume']);
  // what a network of another encoder or size takes over
  if (stage === 'place') {
    await opposable(['export', out, file(name(stage))], { unless: file(name(stage)) });
  }
  return out;
}

/** Seconds of all of a stage's iterations, however often it was stopped between. */
function secondsOf(stage) {
  const lines = readFileSync(join(folder(stage), `metrics-${commandOf(stage)}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  let [before, seconds] = [0, 0];
  for (const { iteration, samplesPerSecond } of lines.map((line) => JSON.parse(line))) {
    seconds += ((iteration - before) * BATCHES[stage]) / samplesPerSecond;
    before = iteration;
  }
  return seconds;
}

/** How many steps of each stage fit into what is left of the time. */
const planned = await measured('stages', async () => {
  const stepsPerSecond = {};
  for (const stage of Object.keys(SHARES)) {
    const out = await train(stage, PROBES[stage], 'probe-');
    const { timing } = JSON.parse(readFileSync(join(out, `summary-${commandOf(stage)}.json`), 'utf8'));
    stepsPerSecond[stage] = timing.samplesPerSecond / BATCHES[stage];
  }
  for (const stage of Object.keys(SHARES)) {
    rmSync(folder(`probe-${stage}`), { recursive: true });
    rmSync(file(`probe-${stage}`), { force: true });
  }
  return { stepsPerSecond, minutes };
});
const stepsIn = (stage, time) => Math.max(2, Math.round(planned.stepsPerSecond[stage] * 60 * time));
const counts = Object.fromEntries(
  Object.entries(SHARES).map(([stage, share]) => [
    stage,
    stepsIn(stage, Math.max(0, planned.minutes - mapMinutes) * share),
  ]),
);
if (until !== undefined) counts.longer = stepsIn('train', until - planned.minutes);
for (const [stage, steps] of Object.entries(counts)) await train(stage, steps);

const steps = (stage) => `${counts[stage]} steps of ${BATCHES[stage]}`;
const SAYS = {
  lift: `lifting the maps' keypoints alone, on the 22 numbers, ${steps('lift')}`,
  place: `then on 2D keypoints too, ${steps('place')}`,
  train: `a ResNet-18 at ${size.pixels} px upon it, ${steps('train')}`,
  longer: `then ${steps('longer')} more, the rate halved on a plateau`,
};
let time = mapMinutes * 60;
const rows = Object.keys(counts).map((stage) => {
  time += secondsOf(stage);
  return { run: folder(stage), name: stage, says: SAYS[stage], time };
});
const mapScores = folder('maps-evaluation');
await opposable(['evaluate', others, '--checkpoint', maps, '--out', mapScores], {
  unless: join(mapScores, 'scores.json'),
});
const { meanOfImage, percentiles } = JSON.parse(readFileSync(join(mapScores, 'scores.json'), 'utf8'));
const share = (value) => `${(100 * value).toFixed(1)} %`;

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
the image and the 21 heat maps of the documented heat-map network, trained for ${mapMinutes.toFixed(1)} minutes at ${size.coarse} px on
${size.others} other hands: ${share(meanOfImage)} of the image off on 500 held-back ones, half of the keypoints within ${share(percentiles[50])}.
First the places of the maps' keypoints alone are lifted to the 22 numbers, then on 2D keypoints and the 22 numbers together;
upon that a ResNet-18 learns to correct it, on masks too, at weight 1. Every hand is turned at random. Made by \`npm run results -- regressor\` on ${MACHINE}. Minutes are those of training, the heat-map network's
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

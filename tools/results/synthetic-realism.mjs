/**
 * How near are synthetic hands to photographs? A small network learns from synthetic hands alone and is then measured on
 * labelled photographs, in the boxes of their labels.
 *
 *   node tools/results/synthetic-realism.mjs --try "name" --steps 3000 [--settings file.json]
 *   node tools/results/synthetic-realism.mjs --final --minutes 10 [--settings tools/results/synthetic-realism/narrower.json]
 *   node tools/results/synthetic-realism.mjs --final --again      measures the network of the last final run anew
 *
 * Ranges are chosen on the even places (0, 2, …, 58) of the 59 photographs of ge-realworld, in the order of their numbers;
 * the odd places (1, 3, …, 57) are looked at in the final run only. The photographs lie in shared/samples beside the
 * checkout and are never copied; without them there is nothing to measure. Every run is kept in
 * docs/results/synthetic-realism.json, from which docs/results/synthetic-realism.md is written anew.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { contactSheet, drawSkeleton, encodePng, resizeImage } from '@opposable/drawing';
import { skeleton } from '@opposable/keypoint-order';
import { chooseBackend } from '@opposable/hand-training';
import { restoreVariables } from '@opposable/training';
import { dataParallel } from '@opposable/training/node';
import { writeFormatted } from './documents/write-formatted.mjs';
import { JOINED_BY, OTHER_SETS, predict, readSet, scoreHand, summarize } from './synthetic-realism/evaluate.mjs';
import { makeData } from './synthetic-realism/make-data.mjs';
import { createNetwork, variablesOf } from './synthetic-realism/network.mjs';
import { writeDocument } from './synthetic-realism/write-document.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLES = [join(ROOT, 'shared/samples'), join(ROOT, '../shared/samples')].find((path) => existsSync(path));
const RECORD = join(ROOT, 'docs/results/synthetic-realism.json');

const { values: flags } = parseArgs({
  options: {
    try: { type: 'string' },
    final: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    steps: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    count: { type: 'string' },
    network: { type: 'string' },
    settings: { type: 'string' },
    workers: { type: 'string', default: '2' },
    out: { type: 'string', default: join(ROOT, 'runs/synthetic-realism') },
  },
});

/** What a run is made of; a file given with --settings replaces parts of it. */
const DEFAULTS = {
  count: 30_000,
  imageSize: 96,
  synthesis: { preset: 'realistic', sideOverHand: [1.25, 1.9] },
  network: 'plain',
  inputSize: 64,
  batchSize: 64,
  learningRate: 1e-3,
  depthWeight: 1,
  augment: { shift: 0.04, scale: 0.08, angleDegrees: 15, gain: 0.25, tint: 0.1, noise: 0.02 },
  seed: 1,
};

const given = flags.settings ? JSON.parse(readFileSync(flags.settings, 'utf8')) : {};
const asked = {
  ...DEFAULTS,
  ...given,
  synthesis: { ...DEFAULTS.synthesis, ...given.synthesis },
  augment: { ...DEFAULTS.augment, ...given.augment },
  ...(flags.count && { count: Number(flags.count) }),
  ...(flags.network && { network: flags.network }),
};
if (SAMPLES === undefined) throw new Error('synthetic-realism: there is no shared/samples with photographs.');
if (!flags.final && !flags.try) throw new Error('synthetic-realism: expected --try NAME or --final.');

/** A network that has been trained, and how. */
async function trainAnew(settings) {
  const started = Date.now();
  const data = await makeData({
    ...{ count: settings.count, size: settings.imageSize, seed: `realism ${settings.seed}` },
    synthesis: settings.synthesis,
    onProgress: (n) => n % 5000 === 0 && console.log(`${n} hands`),
  });
  const makingSeconds = (Date.now() - started) / 1000;
  console.log(`${settings.count} hands in ${makingSeconds.toFixed(0)} s`);
  const iterations = flags.steps ? Number(flags.steps) : await stepsFor(data, settings, Number(flags.minutes));
  const { weights, seconds, terms } = await trainFor(data, settings, iterations);
  return { settings, weights, iterations, seconds, makingSeconds, terms };
}

async function trainFor(data, settings, iterations) {
  return dataParallel({
    workers: Number(flags.workers),
    script: new URL('./synthetic-realism/train-worker.mjs', import.meta.url),
    data: { data: data.images, labels: data.labels, settings: { ...settings, iterations } },
    logger: {
      log: ({ iteration, total, terms, samplesPerSecond, secondsLeft }) =>
        iteration % 500 === 0 &&
        console.log(
          `step ${iteration}: loss ${total.toFixed(4)}, 2D ${terms.flat.toFixed(4)}, ${samplesPerSecond.toFixed(0)}/s, ${secondsLeft.toFixed(0)} s left`,
        ),
    },
  });
}

/** Steps that take the given time: the speed is measured on a short training, which is thrown away. */
async function stepsFor(data, settings, minutes) {
  const probe = 250;
  const { seconds } = await trainFor(data, settings, probe);
  return Math.floor((minutes * 60 * probe) / seconds);
}

const name = flags.final ? 'final' : flags.try;
const slug = name.replace(/[^a-z0-9]+/gi, '-');
mkdirSync(flags.out, { recursive: true });
const trained = join(flags.out, `${slug}-network.bin`);
if (flags.again && !existsSync(trained)) {
  throw new Error(`synthetic-realism: expected ${trained}, which a run writes, to measure it again.`);
}
const run = flags.again ? deserialize(readFileSync(trained)) : await trainAnew(asked);
if (!flags.again) writeFileSync(trained, serialize(run));
const { settings, weights, iterations, seconds, makingSeconds, terms } = run;

await chooseBackend('wasm');
const network = createNetwork(settings.network, settings.inputSize, settings.seed);
restoreVariables(variablesOf(network), weights);

const photographs = await readSet('ge-realworld', join(SAMPLES, 'ge-realworld'));
const predictions = predict(network, photographs, settings.inputSize);
const scores = photographs.map((sample, i) => scoreHand(sample, predictions[i]));
const half = (parity) => summarize(scores.filter((_, i) => i % 2 === parity));

const picture = (sample, prediction) => {
  const { image } = sample;
  const scale = 256 / Math.max(image.width, image.height);
  const canvas = resizeImage(image, Math.round(image.width * scale), Math.round(image.height * scale));
  drawSkeleton(
    canvas,
    prediction.keypoints.map((value) => (value + 0.5) * scale - 0.5),
    { edges: skeleton('panoptic') },
  );
  return resizeImage(canvas, 192, 192);
};
const pictures = photographs.map((sample, i) => picture(sample, predictions[i]));
const labels = scores.map(({ error, pck }, i) => `${i}: ${error.toFixed(2)} / ${pck.toFixed(2)}`);
const isShown = (i) => flags.final || i % 2 === 0;
writeFileSync(
  join(flags.out, `${slug}.png`),
  encodePng(
    contactSheet(
      pictures.filter((_, i) => isShown(i)),
      { labels: labels.filter((_, i) => isShown(i)), columns: 10 },
    ),
  ),
);

const others = [];
if (flags.final) {
  const otherPictures = [];
  for (const [folder, reader, options] of OTHER_SETS) {
    const samples = await readSet(reader, join(SAMPLES, folder), options).catch((error) => {
      console.log(`${folder}: ${error.message}`);
      return [];
    });
    const found = predict(network, samples, settings.inputSize);
    samples.forEach((sample, i) => {
      const score = scoreHand(sample, found[i]);
      others.push({ set: folder, file: sample.source.file, index: sample.source.index, ...score });
      otherPictures.push(picture(sample, found[i]));
      console.log(
        `${folder} ${sample.id}: error ${score.error.toFixed(3)}, PCK@0.2 ${score.pck.toFixed(2)}${score.paMpjpe === undefined ? '' : `, PA-MPJPE ${score.paMpjpe.toFixed(1)} mm`}`,
      );
    });
  }
  const otherLabels = others.map(({ set, error, pck }) => `${set} ${error.toFixed(2)} / ${pck.toFixed(2)}`);
  writeFileSync(
    join(flags.out, 'others.png'),
    encodePng(contactSheet(otherPictures, { labels: otherLabels, columns: 6 })),
  );
}

const record = {
  ...{ name, date: new Date().toISOString().slice(0, 16), final: flags.final, settings, iterations },
  ...{ windows: JOINED_BY, ...(flags.again && { again: true }) },
  ...{
    samplesSeen: iterations * settings.batchSize,
    seconds: Math.round(seconds),
    makingSeconds: Math.round(makingSeconds),
  },
  ...{ terms, even: half(0), ...(flags.final && { odd: half(1), others }) },
};
const records = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : [];
records.push(record);
mkdirSync(join(ROOT, 'docs/results'), { recursive: true });
await writeFormatted(RECORD, JSON.stringify(records));
await writeDocument(join(ROOT, 'docs/results/synthetic-realism.md'), records);
const shown = flags.final ? { even: record.even, odd: record.odd } : { even: record.even };
console.log(JSON.stringify({ name, iterations, seconds: record.seconds, terms, ...shown }));
process.exit(0);

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { readImage } from '@opposable/hand-datasets/node';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { paMpjpe } from '@opposable/metrics';
import { prepareBackend } from '@opposable/training';
import { loadTrainingData } from '../data/load-training-data.js';
import { predictParameters } from '../evaluation/predict-parameters.js';
import { loadRun } from '../run/run-checkpoint.js';
import { type DemoResult, runDemo } from './demo.js';
import { DEMO_TARGETS, demoRatios, demoTable, demoText, demoVerdict, writeDemoReport } from './demo-report.js';
import { DEMO_SETTINGS, type DemoSettings } from './demo-settings.js';

const SHORT = { iterations: 4, batchSize: 8 };
const SETTINGS: DemoSettings = {
  ...{ seed: 1, imageSize: 64, trainCount: 40, testCount: 20 },
  pretrain: { ...DEMO_SETTINGS.pretrain, ...SHORT },
  train: { ...DEMO_SETTINGS.train, ...SHORT },
};
let out: string;
let printed = '';
let result: DemoResult;
let report: string;

beforeAll(async () => {
  await prepareBackend('wasm');
  out = await mkdtemp(join(tmpdir(), 'opposable-demo-'));
  const stream = { write: (text: string) => (printed += text) };
  result = await runDemo({ out, settings: SETTINGS, replicas: 1, stream });
  report = await writeDemoReport(out, result, SETTINGS);
}, 60_000);
afterAll(async () => {
  result.run.dispose();
  await rm(out, { recursive: true, force: true });
});

describe('the demo', () => {
  it('writes a report, pictures, a mesh, a checkpoint, the data and the losses', async () => {
    expect(report).toBe(join(out, 'report.html'));
    const files = await readdir(out, { recursive: true });
    for (const name of ['test-hands', 'worst', 'hand']) {
      const image = await readImage(join(out, 'pictures', `${name}.png`));
      expect(image.width).toBeGreaterThan(500);
    }
    expect(files).toEqual(
      expect.arrayContaining([
        ...['report.html', 'summary.json', 'hand.glb', 'hand.obj', 'data/dataset.json'],
        ...[
          'checkpoint/weights.safetensors',
          'metrics-pretrain.jsonl',
          'metrics-train.jsonl',
          'model/model.json',
          'model/weights.bin',
        ],
      ]),
    );
    expect(files.filter((name) => name.startsWith('data/images/test/'))).toHaveLength(20);
    for (const stage of ['pretrain', 'train']) {
      const lines = (await readFile(join(out, `metrics-${stage}.jsonl`), 'utf8')).trim().split('\n');
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({ iteration: 4, iterations: 4 });
    }
    expect(printed).toMatch(/after pretrain: 2D \d+\.\d px, PA-MPJPE \d+\.\d mm\n/);
  });

  it('writes a page that needs nothing beside itself', async () => {
    const full = await readFile(report, 'utf8');
    const page = full.replace(/data:image\/png;base64,[\w+/=]+/g, 'PICTURE'); // what is left is short enough to print
    expect(page.match(/<script|<link|@import|url\((?!["']?#)[^)]*/gi)).toBeNull();
    expect(new Set([...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target))).toEqual(
      new Set(['PICTURE']),
    );
    expect(page.match(/<svg/g)).toHaveLength(4); // two losses, 2D and 3D PCK
    expect(page.match(/<img /g)).toHaveLength(3);
    for (const row of demoTable(result).slice(1)) expect(page).toContain(`<td>${row[0]}</td><td>${row[1]}</td>`);
    for (const sentence of demoVerdict(demoRatios(result))) expect(page).toContain(sentence);
    expect(page.match(/NaN|undefined/g)).toBeNull();
  });

  it('has the numbers in summary.json that the checkpoint gives on the test set', async () => {
    const summary = JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')) as {
      ratios: { pixels: number; paMpjpe: number };
      meanKeypoints: { meanPixels: number; paMpjpe: number };
      meanParameters: { meanPixels: number; paMpjpe: number };
      stages: { name: string; scores: { count: number; meanPixels: number; paMpjpe: number } }[];
    };
    const run = await loadRun(out);
    expect(run.info.stages).toEqual([
      { name: 'pretrain', iterations: 4 },
      { name: 'train', iterations: 4 },
    ]);
    const test = await loadTrainingData({ prepared: join(out, 'data'), split: 'test' }, 64);
    const parameters = await predictParameters(run.model, test);
    let [sum, count] = [0, 0];
    const points = new Float64Array(20 * 63);
    for (let n = 0; n < 20; n++) {
      const hand = decodeHandParameters(run.hand, parameters.subarray(n * 22, n * 22 + 22));
      points.set(hand.keypoints3d.map((metres) => 1000 * metres), n * 63); // prettier-ignore
      for (let k = 0; k < 21; k++) {
        if (test.visibility[n * 21 + k] === 0) continue;
        const at = (n * 21 + k) * 2;
        const [u, v] = [hand.keypoints2d[k * 2]!, hand.keypoints2d[k * 2 + 1]!];
        sum += Math.hypot(u - test.keypoints[at]!, v - test.keypoints[at + 1]!);
        count++;
      }
    }
    run.dispose();
    const last = summary.stages.at(-1)!;
    expect([last.name, last.scores.count]).toEqual(['train', 20]);
    expect(last.scores.meanPixels).toBeCloseTo(sum / count, 2);
    expect(last.scores.paMpjpe).toBeCloseTo(paMpjpe(points, test.keypoints3d), 2);
    const { meanParameters, meanKeypoints } = summary;
    const best = Math.min(meanParameters.meanPixels, meanKeypoints.meanPixels);
    expect(summary.ratios.pixels).toBeCloseTo(best / last.scores.meanPixels, 6);
    const bestAligned = Math.min(meanParameters.paMpjpe, meanKeypoints.paMpjpe);
    expect(summary.ratios.paMpjpe).toBeCloseTo(bestAligned / last.scores.paMpjpe, 6);
  });

  it('says whether the aims are reached', () => {
    const [pixels, aligned] = demoVerdict({ pixels: DEMO_TARGETS.pixels, paMpjpe: DEMO_TARGETS.paMpjpe - 0.01 });
    expect(pixels).toBe('2D error: 2.50 times better than the best mean hand (aim 2.5): reached.');
    expect(aligned).toBe('PA-MPJPE: 1.29 times better than the best mean hand (aim 1.3): missed.');
    const text = demoText(result);
    for (const row of [
      'mean of the 22 numbers',
      'mean keypoints',
      'untrained network',
      'after pretrain',
      'after train',
    ])
      expect(text).toContain(row);
  });

  it('leaves no tensors but those of its network', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'opposable-demo-'));
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    stop.abort();
    const stream = { write: () => undefined };
    const how = { out: folder, settings: SETTINGS, replicas: 1, stream, signal: stop.signal };
    await expect(runDemo(how)).rejects.toThrow(/abort/i);
    expect(tf.memory().numTensors).toBe(before);
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('leaves no tensors at all where it is stopped between its stages', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'opposable-demo-'));
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    const stream = { write: (text: string) => (text.startsWith('after pretrain') ? stop.abort() : undefined) };
    const how = { out: folder, settings: SETTINGS, replicas: 1, stream, signal: stop.signal };
    await expect(runDemo(how)).rejects.toThrow(/abort/i);
    expect(tf.memory().numTensors).toBe(before);
    await rm(folder, { recursive: true });
  }, 60_000);
});

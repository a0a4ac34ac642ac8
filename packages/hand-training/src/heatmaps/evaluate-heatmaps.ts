import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contactSheet, encodePng, type RgbImage } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { names } from '@opposable/keypoint-order';
import type { HeatmapDecoding } from '@opposable/hand-regressor';
import type { TextStream } from '@opposable/training';
import { rescalePixel } from '../data/frame.js';
import { type DataSource, loadTrainingData } from '../data/load-training-data.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import { enlarge, withSkeleton } from '../pictures/render-hand.js';
import { type TableRows, textTable } from '../report/text-table.js';
import { tenths } from '../report/tenths.js';
import { mapPicture, mapsOverImage } from './heatmap-pictures.js';
import { type HeatmapRun, mapSizeOf } from './heatmap-run.js';
import { loadHeatmapRun } from './heatmap-checkpoint.js';
import { forEachMaps, keypointsOf, type PredictedKeypoints } from './predict-maps.js';
import { type KeypointScores, scoreKeypoints } from './score-keypoints.js';

const SIZE = 160;
/** Hands on each half of the sheet. */
const SHOWN = 8;

export interface EvaluateHeatmapsOptions {
  readonly checkpoint: string;
  readonly data: DataSource;
  readonly out: string;
  /** Default that of the run. */
  readonly decoding?: HeatmapDecoding | undefined;
  /** Is told how far reading is, where it takes long. */
  readonly stream?: TextStream | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Keypoints of every image of a data set. */
export async function predictKeypoints(
  run: HeatmapRun,
  arrays: TrainingArrays,
  decoding?: HeatmapDecoding,
  signal?: AbortSignal,
): Promise<PredictedKeypoints> {
  const keypoints = new Float64Array(arrays.count * 42);
  const confidence = new Float32Array(arrays.count * 21);
  await forEachMaps(
    run,
    arrays,
    (maps, first) => {
      const found = keypointsOf(run, maps, decoding);
      keypoints.set(found.keypoints, first * 42);
      confidence.set(found.confidence, first * 21);
    },
    { signal },
  );
  return { keypoints, confidence };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}

/** Scores as rows of a table. */
export function keypointTable(scores: KeypointScores): TableRows {
  return [
    ['measure', 'value'],
    ['hands', String(scores.count)],
    ['mean error, of the image', percent(scores.meanOfImage)],
    ['mean error, px of 128', scores.meanPixels[128].toFixed(2)],
    ['mean error, px of 224', scores.meanPixels[224].toFixed(2)],
    ...Object.entries(scores.percentiles).map(([p, value]) => [`${p} % of keypoints within`, percent(value)]),
    ['area under PCK, 0–20 % of the image', scores.pck.auc.toFixed(3)],
    ['mean height of the peaks', scores.meanConfidence.toFixed(3)],
    ...Object.entries(scores.perFinger).map(([finger, value]) => [
      finger === 'root' ? 'wrist' : finger,
      percent(value!),
    ]),
    ...Object.entries(scores.perJoint).map(([joint, value]) => [`  ${joint}`, percent(value!)]),
  ];
}

interface Row {
  readonly pictures: RgbImage[];
  readonly labels: string[];
}

function imageOf({ images, imageSize }: TrainingArrays, index: number): RgbImage {
  const pixels = imageSize * imageSize * 3;
  return { width: imageSize, height: imageSize, data: images.slice(index * pixels, (index + 1) * pixels) };
}

function pictureRow(
  run: HeatmapRun,
  arrays: TrainingArrays,
  { keypoints }: PredictedKeypoints,
  maps: Float32Array,
  index: number,
  error: number,
): Row {
  const image = imageOf(arrays, index);
  const large = enlarge(image, SIZE);
  const toPicture = (points: ArrayLike<number>) =>
    Float64Array.from(points, (u) => rescalePixel(u, HAND_PARAMETER_FRAME, SIZE));
  const seen = Array.from(arrays.visibility.subarray(index * 21, (index + 1) * 21), (flag) => (flag > 0 ? 2 : 0));
  return {
    pictures: [
      withSkeleton(large, toPicture(arrays.keypoints.subarray(index * 42, (index + 1) * 42)), seen),
      withSkeleton(large, toPicture(keypoints.subarray(index * 42, (index + 1) * 42))),
      mapsOverImage(image, maps, mapSizeOf(run), SIZE),
    ],
    labels: [`#${index} truth`, `predicted, ${percent(error)}`, 'maps'],
  };
}

/** The maps of some images, by index. */
async function mapsFor(
  run: HeatmapRun,
  arrays: TrainingArrays,
  indices: readonly number[],
): Promise<Map<number, Float32Array>> {
  const found = new Map<number, Float32Array>();
  const pixels = arrays.imageSize ** 2 * 3;
  const images = new Uint8Array(indices.length * pixels);
  indices.forEach((index, i) => images.set(arrays.images.subarray(index * pixels, (index + 1) * pixels), i * pixels));
  await forEachMaps(run, { ...arrays, count: indices.length, images }, (maps, first, count) => {
    const length = maps.length / count;
    for (let i = 0; i < count; i++) found.set(indices[first + i]!, maps.slice(i * length, (i + 1) * length));
  });
  return found;
}

/**
 * Measures a heat-map run on a data set. Writes `scores.json`, `scores.txt`, `hands.png` (the best and the worst hands with their
 * maps), and `maps.png` (all 21 maps of the best, the middle and the worst hand).
 *
 * @returns the table as text, and the scores
 */
export async function evaluateHeatmaps(
  options: EvaluateHeatmapsOptions,
): Promise<{ text: string; scores: KeypointScores }> {
  const { out, stream, signal } = options;
  const run = await loadHeatmapRun(options.checkpoint);
  try {
    const arrays = await loadTrainingData(options.data, run.info.network.inputSize, {
      onProgress: stream && tenths(stream, 'reading samples', { quietFor: 5 }),
      signal,
    });
    const predicted = await predictKeypoints(run, arrays, options.decoding, signal);
    const scores = scoreKeypoints(predicted, arrays);
    await mkdir(out, { recursive: true });
    const text = textTable(keypointTable(scores));
    await writeSheets(out, run, arrays, predicted, scores);
    const json = { ...scores, perHand: Array.from(scores.perHand) };
    await writeFileAtomic(join(out, 'scores.json'), `${JSON.stringify(json, null, 1)}\n`);
    await writeFileAtomic(join(out, 'scores.txt'), `${text}\n`);
    return { text, scores };
  } finally {
    run.dispose();
  }
}

async function writeSheets(
  out: string,
  run: HeatmapRun,
  arrays: TrainingArrays,
  predicted: PredictedKeypoints,
  { perHand }: KeypointScores,
): Promise<void> {
  const order = Array.from(perHand, (_, i) => i)
    .filter((i) => Number.isFinite(perHand[i]!))
    .sort((a, b) => perHand[a]! - perHand[b]!);
  const half = Math.min(SHOWN, Math.ceil(order.length / 2));
  const shown = [...new Set([...order.slice(0, half), ...order.slice(-half)])];
  const middle = order[order.length >> 1]!;
  const maps = await mapsFor(run, arrays, [...new Set([...shown, middle])]);
  const rows = shown.map((index) => pictureRow(run, arrays, predicted, maps.get(index)!, index, perHand[index]!));
  const sheet = contactSheet(
    rows.flatMap(({ pictures }) => pictures),
    { columns: 6, labels: rows.flatMap(({ labels }) => labels), title: 'best hands first, then the worst' },
  );
  await writeFileAtomic(join(out, 'hands.png'), encodePng(sheet));
  const joints = names('panoptic');
  const cells = [...new Set([order[0]!, middle, order.at(-1)!])].flatMap((index) =>
    joints.map((joint, k) => ({
      picture: mapPicture(maps.get(index)!, mapSizeOf(run), k, 96),
      label: `#${index} ${joint}`,
    })),
  );
  const mapSheet = contactSheet(
    cells.map(({ picture }) => picture),
    { columns: 21, labels: cells.map(({ label }) => label) },
  );
  await writeFileAtomic(join(out, 'maps.png'), encodePng(mapSheet));
}

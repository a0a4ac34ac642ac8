/** A trained network on labelled photographs, with the boxes of their labels. */
import * as tf from '@tensorflow/tfjs-core';
import { mirrorSample, reorderSample } from '@opposable/hand-datasets';
import { readers } from '@opposable/hand-datasets/node';
import { alignHands } from '@opposable/metrics';
import { boxOf, fromWindow, readWindow, WINDOW } from './crop.mjs';
import { OUTPUTS } from './network.mjs';

const RHD = { keypointOrder: 'rhd', side: 'right', keypoints3d: 'joint_cam', camera: 'cam_param' };

/** The sets of shared/samples with labels: folder, reader, its options. */
export const OTHER_SETS = [
  ['freihand', 'coco', { annotations: 'test_freihand.json', side: 'right' }],
  ['mpii-nzsl-hand-labels', 'mpii-nzsl', {}],
  ['rhd', 'coco', { ...RHD, annotations: 'test_rhd.json' }],
  // one left and one right hand; the side stands in the file's name only
  ['panoptic', 'coco', { annotations: 'test_panoptic.json', side: 'left', rows: [0] }],
  ['panoptic', 'coco', { annotations: 'test_panoptic.json', side: 'right', rows: [1] }],
  ['onehand10k', 'onehand10k', { annotations: 'test_onehand10k.json' }],
];

/** Right hands in panoptic order, 0, 1, 2 … in the order of the set's files. */
export async function readSet(reader, root, options = {}) {
  const samples = [];
  for await (const sample of readers[reader](root, options)) {
    const right = sample.side === 'right' ? sample : mirrorSample(sample);
    samples.push(reorderSample(right, 'panoptic'));
  }
  return samples;
}

/** Windows whose predictions are averaged: angle in degrees, factor of the side. */
const WINDOWS = [
  [0, 1],
  [-14, 1],
  [14, 1],
  [0, 0.92],
  [0, 1.1],
];

/** How what the windows say is joined: by the median of each number, of which one window that went wrong changes little. */
export const JOINED_BY = 'median';

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Predicted keypoints in pixels and points [21, 3], for one sample after the other: medians over five windows around the same
 * box, turned and scaled a little.
 */
export function predict(network, samples, inputSize) {
  return samples.map((sample) => {
    const box = boxOf(sample.keypoints, sample.visibility);
    const views = WINDOWS.map(([degrees, factor]) => {
      const angle = (degrees * Math.PI) / 180;
      const window = { x: box.x, y: box.y, side: box.side * WINDOW * factor, angle };
      const pixels = new Float32Array(inputSize * inputSize * 3);
      readWindow(sample.image, window, inputSize, pixels, 0);
      const out = tf.tidy(() => network.predict(tf.tensor4d(pixels, [1, inputSize, inputSize, 3])).dataSync());
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return Array.from({ length: OUTPUTS / 5 }, (_, k) => {
        const [a, b, x, y, z] = out.subarray(5 * k, 5 * k + 5);
        return [...fromWindow(a, b, window), c * x - s * y, s * x + c * y, z];
      });
    });
    const joined = views[0].map((numbers, k) => numbers.map((_, i) => median(views.map((view) => view[k][i]))));
    const keypoints = Float64Array.from(joined.flatMap((numbers) => numbers.slice(0, 2)));
    const points = Float64Array.from(joined.flatMap((numbers) => numbers.slice(2)));
    return { keypoints, points, box };
  });
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/** Errors of one hand: mean 2D error over the box side, share of keypoints within a fifth of it, PA-MPJPE in mm. */
export function scoreHand(sample, { keypoints, points, box }) {
  const errors = [];
  for (let k = 0; k < 21; k++) {
    if (sample.visibility[k] === 0) continue;
    const [du, dv] = [keypoints[2 * k] - sample.keypoints[2 * k], keypoints[2 * k + 1] - sample.keypoints[2 * k + 1]];
    errors.push(Math.hypot(du, dv) / box.side);
  }
  const complete = sample.keypoints3d !== undefined && (sample.keypoints3dValid?.every((flag) => flag === 1) ?? true);
  let paMpjpe;
  if (complete) {
    const aligned = alignHands(points, sample.keypoints3d, { reflection: 'forbid' });
    const distances = Array.from({ length: 21 }, (_, k) =>
      Math.hypot(...[0, 1, 2].map((i) => aligned[3 * k + i] - sample.keypoints3d[3 * k + i])),
    );
    paMpjpe = mean(distances);
  }
  return { error: mean(errors), pck: mean(errors.map((error) => (error <= 0.2 ? 1 : 0))), paMpjpe };
}

/** Mean and spread (standard deviation over hands) of scores. */
export function summarize(scores) {
  const of = (name) => {
    const values = scores.map((score) => score[name]).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : { mean: mean(values), deviation: deviation(values) };
  };
  return { hands: scores.length, error: of('error'), pck: of('pck'), paMpjpe: of('paMpjpe') };
}

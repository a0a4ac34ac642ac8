import * as tf from '@tensorflow/tfjs-core';
import { bilinearSampleFused } from './bilinear-sample-fused.js';
import { repeatColumns } from './valid-samples.js';

/*
 * The one place that samples images. Reading the taps, the gradient of the points and the gradient of the images are
 * three functions, as are the fused kernels of a backend that stand in for them. The wasm backend has no
 * UnsortedSegmentSum, which the gradient of tf.gather needs: hence the custom gradient, which scatters with
 * tf.scatterND.
 */

export interface BilinearSampleOptions {
  /** Outside the image: nothing (`'zeros'`), or the nearest pixel (`'border'`). */
  paddingMode: 'zeros' | 'border';
  /** Whether the images are differentiated; they count as constants otherwise. */
  imageGradient: boolean;
  /** [B] bool: samples that are not chosen read 0 everywhere, whatever their image holds. Default: all are. */
  chosen?: tf.Tensor;
}

/** M = B·N points, C channels; the four taps of a point are upper left, upper right, lower left, lower right. */
interface Taps {
  /** Four of [M, C], 0 where the tap does not count. */
  values: tf.Tensor[];
  /** x, y: [M, 1], the place within the cell of four taps. */
  fraction: tf.Tensor[];
  /** x, y: [M, 1], 1 where the point was not moved onto the border. */
  free: tf.Tensor[];
  /** [4 M] int32, rows of the flattened images [B·H·W, C]. */
  indices: tf.Tensor;
  /** [4 M, C] bool, or none if every tap counts. */
  counts: tf.Tensor[];
}

/** The two neighbours of the points along one axis. */
function readAxis(given: tf.Tensor, size: number, isBorder: boolean) {
  const isNumber = tf.equal(given, given);
  const safe = tf.where(isNumber, given, tf.zerosLike(given)); // a NaN must not become an index
  const place = isBorder ? tf.clipByValue(safe, 0, size - 1) : safe;
  const floor = tf.floor(place);
  // On the last pixel the cell before the point is taken, so that the slope is that inside the image.
  const lower = isBorder ? tf.clipByValue(floor, 0, Math.max(size - 2, 0)) : floor;
  const corners = [lower, tf.add(lower, 1)];
  const clipped = corners.map((corner) => tf.clipByValue(corner, 0, size - 1));
  return {
    indices: clipped.map((corner) => tf.cast(tf.reshape(corner, [-1]), 'int32')),
    inside: isBorder ? [] : corners.map((corner, i) => tf.equal(corner, clipped[i]!)),
    fraction: tf.where(isNumber, tf.sub(place, lower), given),
    free: isBorder ? tf.cast(tf.equal(place, given), 'float32') : tf.onesLike(place),
  };
}

function readTaps(images: tf.Tensor4D, points: tf.Tensor3D, options: BilinearSampleOptions): Taps {
  const [batch, height, width, channels] = images.shape;
  const count = points.shape[1];
  const total = batch * count;
  const isBorder = options.paddingMode === 'border';
  const coordinates = tf.transpose(tf.reshape(points, [total, 2])); // slices of columns are slow, of rows fast
  const [givenX, givenY] = tf.split(coordinates, 2).map((row) => tf.reshape(row, [total, 1])) as [tf.Tensor, tf.Tensor];
  const x = readAxis(givenX, width, isBorder);
  const y = readAxis(givenY, height, isBorder);
  const starts = new Int32Array(total);
  for (let b = 1; b < batch; b++) starts.fill(b * height * width, b * count, (b + 1) * count);
  const [start, stride] = [tf.tensor1d(starts), tf.scalar(width, 'int32')];
  const rows = y.indices.map((row) => tf.add(tf.mul(row, stride), start));
  const indices = tf.concat(rows.flatMap((row) => x.indices.map((column) => tf.add(row, column))));
  const flatImages = tf.reshape(images, [batch * height * width, channels]);
  // gatherND: four times as fast as gather on the wasm backend
  let read = tf.cast(tf.gatherND(flatImages, tf.reshape(indices, [-1, 1])), 'float32'); // [4 M, C]
  const counts = countingTaps(y.inside, x.inside, [batch, count, channels], options.chosen);
  if (counts) read = tf.where(counts, read, tf.zerosLike(read));
  return {
    values: tf.split(read, 4),
    fraction: [x.fraction, y.fraction],
    free: [x.free, y.free],
    indices,
    counts: counts ? [counts] : [],
  };
}

/** [4 M, C] bool: the taps inside the image and of chosen samples; undefined if nothing restricts them. */
function countingTaps(
  rows: tf.Tensor[],
  columns: tf.Tensor[],
  [batch, count, channels]: [number, number, number],
  chosen: tf.Tensor | undefined,
): tf.Tensor | undefined {
  const restrictions: tf.Tensor[] = [];
  if (rows.length > 0) {
    restrictions.push(tf.concat(rows.flatMap((row) => columns.map((column) => tf.logicalAnd(row, column)))));
  }
  if (chosen) {
    const perPoint = tf.reshape(repeatColumns(tf.reshape(chosen, [batch, 1]), count), [batch * count, 1]);
    restrictions.push(tf.concat([perPoint, perPoint, perPoint, perPoint]));
  }
  if (restrictions.length === 0) return undefined;
  const single = restrictions.reduce((a, b) => tf.logicalAnd(a, b)); // [4 M, 1]
  return channels === 1 ? single : repeatColumns(single, channels);
}

function pointGradient(dy: tf.Tensor, { values, fraction, free }: Taps): tf.Tensor {
  const [v00, v01, v10, v11] = values as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [fx, fy] = fraction as [tf.Tensor, tf.Tensor];
  const slopes = [between(tf.sub(v01, v00), tf.sub(v11, v10), fy), between(tf.sub(v10, v00), tf.sub(v11, v01), fx)];
  return tf.concat(
    slopes.map((slope, axis) => tf.mul(sumChannels(tf.mul(dy, slope)), free[axis]!)),
    1,
  );
}

function imageGradient(dy: tf.Tensor, taps: Taps, shape: [number, number, number, number]): tf.Tensor {
  const [batch, height, width, channels] = shape;
  const [fx, fy] = taps.fraction as [tf.Tensor, tf.Tensor];
  const [gx, gy] = [tf.sub(1, fx), tf.sub(1, fy)];
  const weights = [tf.mul(gx, gy), tf.mul(fx, gy), tf.mul(gx, fy), tf.mul(fx, fy)]; // [M, 1]
  let updates = tf.concat(weights.map((weight) => tf.mul(dy, weight))); // [4 M, C]
  for (const counts of taps.counts) updates = tf.where(counts, updates, tf.zerosLike(updates));
  const indices = tf.reshape(taps.indices, [-1, 1]);
  return tf.reshape(tf.scatterND(indices, updates, [batch * height * width, channels]), shape);
}

/** a + (b − a)·f. */
function between(a: tf.Tensor, b: tf.Tensor, f: tf.Tensor): tf.Tensor {
  return tf.add(a, tf.mul(tf.sub(b, a), f));
}

function sumChannels(x: tf.Tensor): tf.Tensor {
  return x.shape[1] === 1 ? x : tf.sum(x, 1, true);
}

/**
 * Bilinear samples at pixel positions (x, y), pixel centres at integers; the caller has checked the shapes.
 *
 * At an exact pixel centre the slope is that of the cell to the right and below, on the last column and row that inside
 * the image; a point that `'border'` has moved has no gradient along that axis.
 *
 * @param images [B, H, W, C]
 * @param points [B, N, 2], x then y
 * @returns [B, N, C]
 */
export function bilinearSample(images: tf.Tensor4D, points: tf.Tensor3D, options: BilinearSampleOptions): tf.Tensor3D {
  const fused = bilinearSampleFused(images, points, options);
  if (fused !== undefined) return fused;
  const shape = images.shape;
  const [batch, count] = points.shape;
  const channels = shape[3];
  const forward = (from: tf.Tensor4D, at: tf.Tensor3D, save: tf.GradSaveFunc): tf.Tensor3D => {
    const taps = readTaps(from, at, options);
    save([...taps.values, ...taps.fraction, ...taps.free, taps.indices, ...taps.counts]);
    const [v00, v01, v10, v11] = taps.values as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const [fx, fy] = taps.fraction as [tf.Tensor, tf.Tensor];
    const value = between(between(v00, v01, fx), between(v10, v11, fx), fy);
    return tf.reshape<tf.Rank.R3>(value, [batch, count, channels]);
  };
  const backward = (dy: tf.Tensor, saved: tf.Tensor[]) => {
    const taps: Taps = {
      values: saved.slice(0, 4),
      fraction: saved.slice(4, 6),
      free: saved.slice(6, 8),
      indices: saved[8]!,
      counts: saved.slice(9),
    };
    const upstream = tf.reshape(dy, [batch * count, channels]);
    return {
      ofPoints: () => tf.reshape(pointGradient(upstream, taps), [batch, count, 2]),
      ofImages: () => imageGradient(upstream, taps, shape),
    };
  };
  if (!options.imageGradient) {
    return tf.customGrad((at, save) => ({
      value: forward(images, at as tf.Tensor3D, save as tf.GradSaveFunc),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy, saved).ofPoints(),
    }))(points);
  }
  return tf.customGrad((from, at, save) => ({
    value: forward(from as tf.Tensor4D, at as tf.Tensor3D, save as tf.GradSaveFunc),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const { ofImages, ofPoints } = backward(dy, saved);
      return [ofImages(), ofPoints()];
    },
  }))(images, points);
}

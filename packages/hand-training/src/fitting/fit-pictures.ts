import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { contactSheet, copyImage, drawSkeleton, type RgbImage } from '@opposable/drawing';
import { type HandSample, resizeSample } from '@opposable/hand-datasets';
import { boneColors, skeleton } from '@opposable/keypoint-order';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { turnedView, withMesh, withSkeleton } from '../pictures/render-hand.js';
import type { FitScores } from './score-fit.js';
import type { FittedHands } from './types.js';

/** Longer side of a photo in the sheet of all hands, and in that of the chosen ones. */
const SMALL = 256;
const LARGE = 384;
const EDGES = skeleton('panoptic');
const BONE_COLORS = boneColors();

export interface FitPicturesOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface FitPictures {
  /** Every hand: the mesh over its photo, with the true skeleton. */
  readonly all: RgbImage;
  /** Best, median and worst hand: photo with true skeleton, mesh, mesh with true skeleton, mesh from the side and from behind. */
  readonly cases: RgbImage;
}

function enlarged(sample: HandSample, side: number): HandSample {
  const { width, height } = sample.image;
  const factor = side / Math.max(width, height);
  if (factor === 1) return sample;
  return resizeSample(sample, { width: Math.round(width * factor), height: Math.round(height * factor) });
}

function overlay(sample: HandSample, model: ManoModel, vertices: ArrayLike<number>): RgbImage {
  return withMesh(sample.image, model, vertices, { kind: 'perspective', intrinsics: sample.camera! });
}

/** The true bones, thin enough to see the mesh below. */
function withThinSkeleton(image: RgbImage, sample: HandSample): RgbImage {
  const copy = copyImage(image);
  const { keypoints, visibility } = sample;
  drawSkeleton(copy, keypoints, { edges: EDGES, colors: BONE_COLORS, visibility, radius: 1.5 });
  return copy;
}

/** Indices of the hands with the least, the middle and the largest error. */
export function chooseCases(errors: readonly number[]): { name: string; index: number }[] {
  const order = [...errors.keys()].sort((a, b) => errors[a]! - errors[b]! || a - b);
  const last = order.length - 1;
  return [
    { name: 'best', index: order[0]! },
    { name: 'median', index: order[last >> 1]! },
    { name: 'worst', index: order[last]! },
  ];
}

/**
 * Contact sheets of fitted hands over the photos that they were fitted to.
 *
 * @param model the hand that was fitted
 * @param samples as fitted: the photo, keypoints in 'panoptic' order and camera of each hand
 * @throws the signal's reason once aborted
 */
export async function fitPictures(
  model: ManoModel,
  samples: readonly HandSample[],
  fitted: FittedHands,
  scores: FitScores,
  options: FitPicturesOptions = {},
): Promise<FitPictures> {
  const width = fitted.vertices.length / fitted.count;
  const verticesOf = (n: number) => fitted.vertices.subarray(n * width, (n + 1) * width);
  const errorsOf = (n: number) =>
    `${scores.paMpjpe.perHand[n]!.toFixed(1)} mm, ${scores.pixels.perHand[n]!.toFixed(1)} px`;
  const labelOf = (n: number) => `${samples[n]!.source.index}: ${errorsOf(n)}`;
  const pause = async () => {
    await yieldToEvents();
    options.signal?.throwIfAborted();
  };

  const overlays: RgbImage[] = [];
  for (const [n, sample] of samples.entries()) {
    await pause();
    const small = enlarged(sample, SMALL);
    overlays.push(withThinSkeleton(overlay(small, model, verticesOf(n)), small));
  }

  const cells: RgbImage[] = [];
  const labels: string[] = [];
  for (const { name, index } of chooseCases(scores.paMpjpe.perHand)) {
    await pause();
    const large = enlarged(samples[index]!, LARGE);
    const vertices = verticesOf(index);
    const mesh = overlay(large, model, vertices);
    cells.push(
      withSkeleton(large.image, large.keypoints, large.visibility),
      mesh,
      withThinSkeleton(mesh, large),
      turnedView(model, vertices, 90, LARGE),
      turnedView(model, vertices, 180, LARGE),
    );
    labels.push(`${name}: ${labelOf(index)}`, 'mesh', 'mesh, true skeleton', 'from the side', 'from behind');
  }
  const title = `${fitted.coefficients} pose coefficients: PA-MPJPE ${scores.paMpjpe.mean.toFixed(1)} mm, 2D ${scores.pixels.mean.toFixed(1)} px`;
  return {
    all: contactSheet(overlays, { labels: samples.map((_, n) => labelOf(n)), title }),
    cases: contactSheet(cells, { columns: 5, labels, title }),
  };
}

import { join } from 'node:path';
import { type HandSample, mirrorSample, reorderSample, resizeSample } from '@opposable/hand-datasets';
import { writeFileAtomic, writeImage } from '@opposable/hand-datasets/node';
import { type ManoModel, resolveLayerOptions } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { consoleProgress, type TextStream } from '@opposable/training';
import { textTable } from '../report/text-table.js';
import { FIT_HANDS_DEFAULTS, fitHands } from './fit-hands.js';
import { type FitPictures, fitPictures } from './fit-pictures.js';
import { type ErrorSummary, type FitScores, scoreFit } from './score-fit.js';
import type { FitTargets, FittedHands } from './types.js';

/** Longer side, in pixels, of the images that errors and weights are measured in. */
const FRAME = 256;

export interface FitSamplesOptions {
  /** Numbers of pose coefficients to fit with, one after the other. Default 6 and 45. */
  readonly coefficients?: readonly number[] | undefined;
  /** Folder for fit.json and the pictures; nothing is written without it. */
  readonly out?: string | undefined;
  /** Steps of each fit. Default `FIT_HANDS_DEFAULTS.iterations`. */
  readonly iterations?: number | undefined;
  /** Told one line at a time. */
  readonly print?: ((line: string) => void) | undefined;
  /** Where progress goes, for example `process.stderr`. */
  readonly progress?: TextStream | undefined;
  /** Stops the work; nothing is then left half-written. */
  readonly signal?: AbortSignal | undefined;
}

/** One fit of all hands. */
export interface FitRun {
  readonly fitted: FittedHands;
  readonly scores: FitScores;
}

export interface FitReport {
  /** The hands as they were fitted: right hands, 'panoptic' order, 256 pixels. */
  readonly samples: readonly HandSample[];
  /** By number of pose coefficients, as asked for. */
  readonly runs: readonly FitRun[];
}

/** A right hand in 'panoptic' order, the longer side of its photo 256 pixels. */
function framed(sample: HandSample): HandSample {
  const right = sample.side === 'right' ? sample : mirrorSample(sample);
  const { width, height } = right.image;
  const factor = FRAME / Math.max(width, height);
  const size = { width: Math.round(width * factor), height: Math.round(height * factor) };
  return reorderSample(factor === 1 ? right : resizeSample(right, size), 'panoptic');
}

function canBeFitted({ keypoints3d, keypoints3dValid, camera }: HandSample): boolean {
  return keypoints3d !== undefined && camera !== undefined && (keypoints3dValid?.every((flag) => flag === 1) ?? true);
}

function targetsOf(samples: readonly HandSample[]): FitTargets {
  const gather = (numbersOf: (sample: HandSample) => ArrayLike<number>) =>
    Float64Array.from(samples.flatMap((sample) => Array.from(numbersOf(sample))));
  return {
    keypoints3d: gather((sample) => sample.keypoints3d!),
    keypoints: gather((sample) => sample.keypoints),
    visibility: gather((sample) => sample.visibility),
    intrinsics: gather((sample) => sample.camera!),
  };
}

function fitTable(runs: readonly FitRun[]): string {
  const three = ({ mean, median, worst }: ErrorSummary) => [mean, median, worst].map((value) => value.toFixed(2));
  return textTable([
    [
      'coefficients',
      'PA-MPJPE mm',
      'median',
      'worst',
      'wrist on wrist mm',
      'median',
      'worst',
      '2D px',
      'median',
      'worst',
    ],
    ...runs.map(({ fitted, scores }) => [
      String(fitted.coefficients),
      ...three(scores.paMpjpe),
      ...three(scores.rootAlignedMpjpe),
      ...three(scores.pixels),
    ]),
  ]);
}

/** What fit.json holds: per fit the mean errors, per hand its errors and parameters (`FittedParameters`). */
function fitDocument({ samples, runs }: FitReport, iterations: number): unknown {
  const overall = ({ mean, median, worst }: ErrorSummary) => ({ mean, median, worst });
  return {
    hand: 'open-hand',
    side: 'right',
    layer: { flatHandMean: false, poseRepresentation: 'pca' },
    units: { errors: 'mm and pixels of the 256-pixel image', globalOrient: 'rad', transl: 'm' },
    iterations,
    fits: runs.map(({ fitted, scores }) => ({
      coefficients: fitted.coefficients,
      paMpjpe: overall(scores.paMpjpe),
      rootAlignedMpjpe: overall(scores.rootAlignedMpjpe),
      pixels: overall(scores.pixels),
      hands: samples.map(({ id, source, isMirrored, camera }, n) => {
        const row = (values: Float32Array) => {
          const width = values.length / fitted.count;
          return [...values.subarray(n * width, (n + 1) * width)];
        };
        const { globalOrient, transl, handPose, betas } = fitted.parameters;
        return {
          id,
          source,
          isMirrored,
          camera: [...camera!],
          paMpjpe: scores.paMpjpe.perHand[n],
          rootAlignedMpjpe: scores.rootAlignedMpjpe.perHand[n],
          pixels: scores.pixels.perHand[n],
          globalOrient: row(globalOrient),
          transl: row(transl),
          handPose: row(handPose),
          betas: row(betas),
        };
      }),
    })),
  };
}

function checkCounts(hand: ManoModel, counts: readonly number[]): void {
  if (counts.length === 0) throw new ConfigError('fitSamples: expected at least one number of coefficients, got none.');
  for (const numPcaComponents of counts) resolveLayerOptions(hand, { flatHandMean: false, numPcaComponents });
}

/**
 * Fits the open hand to labelled photographs, without a network, and reports how near it comes: errors on the console,
 * fit.json and two contact sheets per number of coefficients in `out`. Left hands are mirrored.
 *
 * @param samples hands; those without a camera or without all 3D keypoints are left out and counted
 * @throws DatasetError if no hand can be fitted; ConfigError for a number of coefficients out of range; the signal's
 *   reason once aborted
 */
export async function fitSamples(
  samples: AsyncIterable<HandSample> | Iterable<HandSample>,
  options: FitSamplesOptions = {},
): Promise<FitReport> {
  const { out, signal, progress, print = () => undefined } = options;
  const iterations = options.iterations ?? FIT_HANDS_DEFAULTS.iterations;
  const counts = options.coefficients ?? [6, 45];
  const hand = loadOpenHand('right');
  checkCounts(hand, counts);

  const usable: HandSample[] = [];
  let leftOut = 0;
  for await (const sample of samples) {
    signal?.throwIfAborted();
    if (canBeFitted(sample)) usable.push(framed(sample));
    else leftOut++;
  }
  if (usable.length === 0) {
    throw new DatasetError(
      `fitSamples: expected at least one hand with 3D keypoints and a camera, got none among ${leftOut} hands.`,
      { expected: 'keypoints3d and camera', actual: leftOut },
    );
  }
  const without = leftOut === 0 ? '' : `; ${leftOut} left out for want of 3D keypoints or a camera`;
  print(`Fitting ${usable.length} hands${without}.`);

  const targets = targetsOf(usable);
  const runs: FitRun[] = [];
  const pictures: FitPictures[] = [];
  for (const coefficients of counts) {
    const logger = progress && consoleProgress({ stream: progress, label: `${coefficients} coefficients` });
    const fitted = await fitHands(hand, targets, { coefficients, iterations, logger, signal });
    const scores = scoreFit(fitted, targets);
    runs.push({ fitted, scores });
    if (out === undefined) continue;
    print(`Drawing the hands with ${coefficients} coefficients …`);
    pictures.push(await fitPictures(hand, usable, fitted, scores, { signal }));
  }
  const report: FitReport = { samples: usable, runs };
  print(fitTable(runs));
  if (out !== undefined) {
    for (const [i, { all, cases }] of pictures.entries()) {
      await writeImage(join(out, `fit-${counts[i]}-all.png`), all);
      await writeImage(join(out, `fit-${counts[i]}-cases.png`), cases);
    }
    await writeFileAtomic(join(out, 'fit.json'), `${JSON.stringify(fitDocument(report, iterations), null, 1)}\n`);
    print(
      `Written to ${out}: fit.json, and as pictures ${counts.map((n) => `fit-${n}-all.png, fit-${n}-cases.png`).join(', ')}.`,
    );
  }
  return report;
}

import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { contactSheet, encodePng } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { oneEuroFilter } from '@opposable/geometry/host';
import { ConfigError, DatasetError, OpposableError } from '@opposable/tensor-checks';
import { withSkeleton } from '../pictures/render-hand.js';
import { readHandHints } from '../recipes/predict/hand-hints.js';
import { predictTargets } from '../recipes/predict/predict-targets.js';
import { seeCrop } from '../recipes/predict/see-crop.js';
import { type FindHandOptions, type FoundHand, MINIMUM_CONFIDENCE } from './find-hand.js';
import { findHandOfSide } from './find-hand-of-side.js';
import { mapsOverImage } from './heatmap-pictures.js';
import { mapsForInference, mapSizeOf } from './heatmap-run.js';
import { loadHeatmapRun } from './heatmap-checkpoint.js';

const SHEET = 256;

export interface PredictHeatmapFilesOptions extends FindHandOptions {
  readonly checkpoint: string;
  readonly out: string;
  /** JSON or CSV file with a box, keypoints or the side of the hand, file by file; see `readHandHints`. */
  readonly hands?: string | undefined;
  /** Which split of prepared datasets. Default 'test'. */
  readonly split?: string | undefined;
  /** Which hand the images show; left ones are mirrored for the network. Default 'right'. */
  readonly side?: 'left' | 'right' | undefined;
  /** Default {@link MINIMUM_CONFIDENCE}. */
  readonly minimumConfidence?: number | undefined;
  /** Takes the images, in their order, as frames of one camera at so many frames a second and smooths the keypoints. Default: not. */
  readonly smoothAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
}

function toJson(label: string, side: string, hand: FoundHand, found: boolean): string {
  const pairs = Array.from({ length: 21 }, (_, k) => [hand.keypoints[2 * k]!, hand.keypoints[2 * k + 1]!]);
  const value = {
    image: basename(label),
    hand: found,
    confidence: hand.confidence,
    ...(found && {
      side,
      crop: hand.crop,
      keypoint_order: 'panoptic',
      keypoints_pixels: pairs,
      keypoint_confidence: Array.from(hand.keypointConfidence),
    }),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

/**
 * Looks for one hand in every image: of files, of the images in folders, and of prepared datasets. Writes `<name>.json`
 * (keypoints and confidences, or that there is no hand) and, where there is one, `<name>.png` (the skeleton on the image, the
 * crop and its maps). An image that cannot be read is reported and the others go on.
 *
 * @throws ConfigError without images; FileFormatError for a bad checkpoint or list of hands; the error of a single image;
 * DatasetError for a folder without images, and at the end if some of several failed
 */
export async function predictHeatmapFiles(
  paths: readonly string[],
  options: PredictHeatmapFilesOptions,
): Promise<void> {
  const { checkpoint, out, hands, split = 'test', box, cropFactor, smoothAt, signal, print, warn } = options;
  const { minimumConfidence = MINIMUM_CONFIDENCE } = options;
  if (paths.length === 0) throw new ConfigError('predictHeatmapFiles: expected at least one image file, got none.');
  const hints = hands === undefined ? new Map<string, never>() : await readHandHints(hands);
  const targets = await predictTargets(paths, split, hints);
  const run = mapsForInference(await loadHeatmapRun(checkpoint));
  const smooth = smoothAt === undefined ? undefined : oneEuroFilter({ minimumCutoff: 1, beta: 0.02 });
  const failed: string[] = [];
  try {
    for (const [frame, { label, name, hint, load }] of targets.entries()) {
      signal?.throwIfAborted();
      const target = join(out, name);
      try {
        const { image, ...known } = await load();
        const side = hint.side ?? known.side ?? options.side ?? 'right';
        let hand = await findHandOfSide(run, image, { box: hint.box ?? box, cropFactor, side });
        const isHand = hand.confidence >= minimumConfidence;
        if (!isHand) smooth?.reset();
        else if (smooth !== undefined) hand = { ...hand, keypoints: smooth.filter(hand.keypoints, frame / smoothAt!) };
        await mkdir(out, { recursive: true });
        if (isHand) {
          const maps = mapsOverImage(seeCrop(image, hand.crop, side, SHEET), hand.maps, mapSizeOf(run), SHEET);
          const sheet = contactSheet([withSkeleton(image, hand.keypoints), maps], { columns: 2 });
          await writeFileAtomic(`${target}.png`, encodePng(sheet));
        }
        await writeFileAtomic(`${target}.json`, toJson(label, side, hand, isHand));
        const sure = `confidence ${hand.confidence.toFixed(2)}`;
        print(
          isHand
            ? `${label} → ${target}.{png,json}, ${sure}`
            : `${label} → ${target}.json: no hand found, ${sure} of at least ${minimumConfidence}`,
        );
      } catch (error) {
        if (!(error instanceof OpposableError) || targets.length === 1) throw error;
        warn(error.message);
        failed.push(label);
      }
    }
  } finally {
    run.dispose();
  }
  if (failed.length > 0) {
    throw new DatasetError(
      `predict: ${failed.length} of ${targets.length} images could not be used: ${failed.join(', ')}.`,
      { expected: 'readable images', actual: failed },
    );
  }
}

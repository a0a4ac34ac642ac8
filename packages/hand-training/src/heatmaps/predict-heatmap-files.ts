import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { contactSheet, encodePng } from '@opposable/drawing';
import { resampleImage } from '@opposable/hand-datasets';
import { readImage, writeFileAtomic } from '@opposable/hand-datasets/node';
import { oneEuroFilter } from '@opposable/geometry/host';
import { ConfigError, DatasetError, OpposableError } from '@opposable/tensor-checks';
import { mirrorImage } from '../pictures/mirror-image.js';
import { withSkeleton } from '../pictures/render-hand.js';
import { findHand, type FindHandOptions, type FoundHand, MINIMUM_CONFIDENCE } from './find-hand.js';
import { unmirrorHand } from './find-hand-of-side.js';
import { mapsOverImage } from './heatmap-pictures.js';
import { mapSizeOf } from './heatmap-run.js';
import { loadHeatmapRun } from './heatmap-checkpoint.js';

const SHEET = 256;

export interface PredictHeatmapFilesOptions extends FindHandOptions {
  readonly checkpoint: string;
  readonly out: string;
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

function toJson(path: string, side: string, hand: FoundHand, found: boolean): string {
  const pairs = Array.from({ length: 21 }, (_, k) => [hand.keypoints[2 * k]!, hand.keypoints[2 * k + 1]!]);
  const value = {
    image: basename(path),
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
 * Looks for one hand in every image file and writes `<name>.json` (keypoints and confidences, or that there is no hand) and, where
 * there is one, `<name>.png` (the skeleton on the image, the crop and its maps). A file that cannot be read is reported and the
 * others go on.
 *
 * @throws ConfigError without images; FileFormatError for a bad checkpoint; the error of a single image; DatasetError at the end,
 * if some of several failed
 */
export async function predictHeatmapFiles(
  paths: readonly string[],
  options: PredictHeatmapFilesOptions,
): Promise<void> {
  const {
    checkpoint,
    out,
    side = 'right',
    minimumConfidence = MINIMUM_CONFIDENCE,
    smoothAt,
    signal,
    print,
    warn,
  } = options;
  if (paths.length === 0) throw new ConfigError('predictHeatmapFiles: expected at least one image file, got none.');
  const run = await loadHeatmapRun(checkpoint);
  const smooth = smoothAt === undefined ? undefined : oneEuroFilter({ minimumCutoff: 1, beta: 0.02 });
  const failed: string[] = [];
  const seen = new Map<string, number>();
  try {
    for (const [frame, path] of paths.entries()) {
      signal?.throwIfAborted();
      const stem = basename(path, extname(path));
      const before = seen.get(stem) ?? 0;
      seen.set(stem, before + 1);
      const target = join(out, before === 0 ? stem : `${stem}-${before + 1}`);
      try {
        const image = await readImage(path);
        const shown = side === 'left' ? mirrorImage(image) : image;
        const raw = await findHand(run, shown, options);
        const isHand = raw.confidence >= minimumConfidence;
        let hand = side === 'left' ? unmirrorHand(raw, image.width) : raw;
        if (!isHand) smooth?.reset();
        else if (smooth !== undefined) hand = { ...hand, keypoints: smooth.filter(hand.keypoints, frame / smoothAt!) };
        await mkdir(out, { recursive: true });
        if (isHand) {
          const crop = resampleImage(shown, { width: SHEET, height: SHEET }, raw.crop);
          const maps = mapsOverImage(crop, raw.maps, mapSizeOf(run), SHEET);
          const sheet = contactSheet([withSkeleton(image, hand.keypoints), maps], { columns: 2 });
          await writeFileAtomic(`${target}.png`, encodePng(sheet));
        }
        await writeFileAtomic(`${target}.json`, toJson(path, side, hand, isHand));
        const sure = `confidence ${hand.confidence.toFixed(2)}`;
        print(
          isHand
            ? `${path} → ${target}.{png,json}, ${sure}`
            : `${path} → ${target}.json: no hand found, ${sure} of at least ${minimumConfidence}`,
        );
      } catch (error) {
        if (!(error instanceof OpposableError) || paths.length === 1) throw error;
        warn(error.message);
        failed.push(path);
      }
    }
  } finally {
    run.dispose();
  }
  if (failed.length > 0) {
    throw new DatasetError(
      `predict: ${failed.length} of ${paths.length} images could not be used: ${failed.join(', ')}.`,
      { expected: 'readable images', actual: failed },
    );
  }
}

import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { encodePng } from '@opposable/drawing';
import { readImage, writeFileAtomic } from '@opposable/hand-datasets/node';
import { mirrorModel } from '@opposable/mano-layer/conventions';
import { writeGlb, writeObj } from '@opposable/mano-layer/files';
import { ConfigError, DatasetError, OpposableError } from '@opposable/tensor-checks';
import { withMesh, withSkeleton } from '../pictures/render-hand.js';
import { loadRun } from '../run/hand-run.js';
import { type PredictedHand, predictHand, type PredictHandOptions } from './predict-hand.js';

export interface PredictFilesOptions extends PredictHandOptions {
  /** Folder of a run. */
  readonly checkpoint: string;
  /** Folder for the results. */
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  /** Takes one line per image that was written. */
  readonly print: (line: string) => void;
  /** Takes one sentence per image that could not be used, where there are several images. */
  readonly warn: (line: string) => void;
}

/** Names for the results: the files' own, with a number where two are the same. */
function outputNames(paths: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return paths.map((path) => {
    const name = basename(path, extname(path));
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

function toJson(path: string, hand: PredictedHand): string {
  const { side, crop, camera, handParameters, keypoints, keypoints3d } = hand;
  const rows = (values: ArrayLike<number>, width: number) =>
    Array.from({ length: values.length / width }, (_, i) =>
      Array.from({ length: width }, (_, k) => values[i * width + k]!),
    );
  const value = {
    image: basename(path),
    side,
    crop,
    keypoint_order: 'panoptic',
    keypoints_pixels: rows(keypoints, 2),
    keypoints_3d_metres: rows(keypoints3d, 3),
    camera,
    hand_parameters_of_the_crop: Array.from(handParameters),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

/**
 * Predicts the hand of every image file: `<name>.png` with mesh and skeleton, `<name>.json` with the 22 numbers and the
 * keypoints, `<name>.obj` and `<name>.glb`. A file that cannot be read is reported and the others go on.
 *
 * @throws ConfigError without images; FileFormatError for a bad checkpoint; the error of a single image; DatasetError
 * at the end, if some of several failed
 */
export async function predictFiles(paths: readonly string[], options: PredictFilesOptions): Promise<void> {
  const { checkpoint, out, signal, print, warn, ...how } = options;
  if (paths.length === 0) throw new ConfigError('predictFiles: expected at least one image file, got none.');
  const run = await loadRun(checkpoint);
  const failed: string[] = [];
  try {
    const hand = how.side === 'left' ? mirrorModel(run.hand) : run.hand;
    const names = outputNames(paths);
    for (const [i, path] of paths.entries()) {
      signal?.throwIfAborted();
      try {
        const image = await readImage(path);
        const predicted = await predictHand(run.model, run.layer, image, how);
        const { vertices, camera } = predicted;
        const overlay = withMesh(image, hand, vertices, { kind: 'weak-perspective', ...camera });
        const mesh = { vertices, faces: hand.faces, colors: hand.vertexColors };
        const glb = await writeGlb(mesh, { frame: 'image', name: names[i]! });
        await mkdir(out, { recursive: true });
        const target = join(out, names[i]!);
        await writeFileAtomic(`${target}.png`, encodePng(withSkeleton(overlay, predicted.keypoints)));
        await writeFileAtomic(`${target}.obj`, writeObj(mesh, { frame: 'image', name: names[i]! }));
        await writeFileAtomic(`${target}.glb`, glb);
        await writeFileAtomic(`${target}.json`, toJson(path, predicted));
        print(`${path} → ${target}.{png,json,obj,glb}`);
      } catch (error) {
        if (!(error instanceof OpposableError)) throw error;
        if (paths.length === 1) throw error;
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
      {
        expected: 'readable images',
        actual: failed,
      },
    );
  }
}

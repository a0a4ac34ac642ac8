import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodePng } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { type ManoModel, mirrorModel } from '@opposable/mano-layer/conventions';
import { writeGlb, writeObj, writePly } from '@opposable/mano-layer/files';
import { ConfigError, DatasetError, OpposableError } from '@opposable/tensor-checks';
import { withMesh, withSkeleton } from '../pictures/render-hand.js';
import { forInference } from '../run/hand-run.js';
import { loadRun } from '../run/run-checkpoint.js';
import type { MeshFormat } from './mesh-formats.js';
import { readHandHints } from './predict/hand-hints.js';
import { predictTargets } from './predict/predict-targets.js';
import { loadHeatmapMaker } from './predict/load-heatmap-maker.js';
import { placeHand } from './predict/place-hand.js';
import { predictionJson } from './predict/prediction-json.js';
import { numberSmoother } from './predict/smooth-numbers.js';
import { predictNumbers, type PredictHandOptions } from './predict-hand.js';

export interface PredictFilesOptions extends Omit<PredictHandOptions, 'heatmaps'> {
  /** Folder of a run. */
  readonly checkpoint: string;
  /** Where the file of the run's hand is now; default where it was. Only for a run that is not of the open hand. */
  readonly hand?: string | undefined;
  /** Folder for the results. */
  readonly out: string;
  /** JSON or CSV file with a box, keypoints or the side of the hand, file by file; see `readHandHints`. */
  readonly hands?: string | undefined;
  /** Which split of prepared datasets. Default 'test'. */
  readonly split?: string | undefined;
  /** Which files hold the mesh. Default OBJ and GLB. */
  readonly meshes?: readonly MeshFormat[] | undefined;
  /** Folder of a heat-map run, for a network that takes heat maps beside the image. */
  readonly heatmaps?: string | undefined;
  /** Takes the images, in their order, as frames of one camera at so many frames a second and smooths the 22 numbers. Default: not. */
  readonly smoothAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes one line per image that was written. */
  readonly print: (line: string) => void;
  /** Takes one sentence per image that could not be used, where there are several images. */
  readonly warn: (line: string) => void;
}

async function meshFile(format: MeshFormat, hand: ManoModel, vertices: Float64Array, name: string) {
  const mesh = { vertices, faces: hand.faces, colors: hand.vertexColors };
  switch (format) {
    case 'glb':
      return writeGlb(mesh, { frame: 'image', name });
    case 'obj':
      return writeObj(mesh, { frame: 'image', name });
    case 'ply':
      return writePly(mesh, { frame: 'image', name });
  }
}

/**
 * Predicts the hand of every image: of files, of the images in folders, and of prepared datasets. Writes `<name>.png` with
 * mesh and skeleton, `<name>.json` with the 22 numbers and the keypoints, and the mesh. An image that cannot be used is
 * reported and the others go on.
 *
 * @throws ConfigError without images; FileFormatError for a bad checkpoint or list of hands; the error of a single image;
 * DatasetError for a folder without images, and at the end if some of several failed
 */
export async function predictFiles(paths: readonly string[], options: PredictFilesOptions): Promise<void> {
  const { checkpoint, out, hands, split = 'test', meshes = ['obj', 'glb'], signal, print, warn } = options;
  const { box, cropFactor, side, smoothAt } = options;
  if (paths.length === 0) throw new ConfigError('predictFiles: expected at least one image file, got none.');
  const hints = hands === undefined ? new Map<string, never>() : await readHandHints(hands);
  const targets = await predictTargets(paths, split, hints);
  const run = forInference(await loadRun(checkpoint, { hand: options.hand }));
  const maker = options.heatmaps === undefined ? undefined : await loadHeatmapMaker(options.heatmaps);
  const smoother = smoothAt === undefined ? undefined : numberSmoother();
  const failed: string[] = [];
  try {
    const handOf = { right: run.hand, left: mirrorModel(run.hand) };
    for (const [frame, { label, name, hint, load }] of targets.entries()) {
      signal?.throwIfAborted();
      try {
        const { image, ...known } = await load();
        const how = { box, cropFactor, side, heatmaps: maker };
        const given = { ...(known.side === undefined ? {} : { side: known.side }), ...hint };
        const numbers = await predictNumbers(run.model, image, { ...how, ...given });
        const predicted = await placeHand(run.layer, smoother?.smooth(numbers, frame / smoothAt!) ?? numbers);
        const hand = handOf[predicted.side];
        const { vertices, camera } = predicted;
        const overlay = withMesh(image, hand, vertices, { kind: 'weak-perspective', ...camera });
        const files = await Promise.all(
          meshes.map(async (format) => [format, await meshFile(format, hand, vertices, name)] as const),
        );
        await mkdir(out, { recursive: true });
        const target = join(out, name);
        await writeFileAtomic(`${target}.png`, encodePng(withSkeleton(overlay, predicted.keypoints)));
        for (const [format, bytes] of files) await writeFileAtomic(`${target}.${format}`, bytes);
        await writeFileAtomic(`${target}.json`, predictionJson(basename(label), predicted));
        print(`${label} → ${target}.{${['png', 'json', ...meshes].join(',')}}`);
      } catch (error) {
        if (!(error instanceof OpposableError)) throw error;
        if (targets.length === 1) throw error;
        warn(error.message);
        failed.push(label);
      }
    }
  } finally {
    maker?.dispose();
    run.dispose();
  }
  if (failed.length > 0) {
    throw new DatasetError(
      `predict: ${failed.length} of ${targets.length} images could not be used: ${failed.join(', ')}.`,
      {
        expected: 'readable images',
        actual: failed,
      },
    );
  }
}

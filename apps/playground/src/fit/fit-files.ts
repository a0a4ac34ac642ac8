import type { KeypointOrderName } from '@opposable/keypoint-order';
import type { Side } from '@opposable/mano-layer/conventions';
import { ConfigError } from '@opposable/tensor-checks';
import { download } from '../dom.js';
import type { FitResult, PicturePoint } from './keypoint-fit.js';
import { readKeypoints } from './read-keypoints.js';

/** What was in a file: keypoints in the order 'panoptic', or a picture, which whoever has it closes. */
export type FitFile = { readonly points: PicturePoint[] } | { readonly picture: ImageBitmap };

/**
 * Reads a picture, or keypoints from a `.json`.
 *
 * @param order of the keypoints in the file
 * @throws ConfigError if it is neither
 */
export async function readFitFile(file: File, order: KeypointOrderName): Promise<FitFile> {
  if (/\.json$/i.test(file.name)) return { points: readKeypoints(await file.text(), order) };
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture !== undefined) return { picture };
  throw new ConfigError(`${file.name}: expected a picture the browser can show, or keypoints as .json.`, {
    actual: file.type,
  });
}

/** Offers keypoints and, where there is one, the fitted hand as JSON. */
export function saveFit(side: Side, points: readonly PicturePoint[], result: FitResult | undefined): void {
  const fitted = result && { ...result.parameters, error: result.error, keypoints: Array.from(result.keypoints) };
  const content = { order: 'panoptic', side, keypoints: points.map((point) => point ?? null), fitted };
  download('fit.json', 'application/json', JSON.stringify(content, undefined, 2));
}

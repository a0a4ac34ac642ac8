import type { RgbImage } from '@opposable/drawing';
import {
  type HeatmapBytes,
  heatmapMaker,
  type NumberSmoother,
  numbersOfView,
  placeHand,
  type PredictedHand,
  seeCrop,
} from '@opposable/hand-training/predict';
import type { Side } from '@opposable/mano-layer/conventions';
import { ConfigError } from '@opposable/tensor-checks';
import type { Networks } from './networks.js';
import type { Square } from './square.js';

/** Milliseconds of each stage, in their order. */
export type StageTimes = Readonly<Record<string, number>>;

export interface PredictPhotoOptions {
  readonly square: Square;
  readonly side: Side;
  /** For the frames of a camera. */
  readonly smoother?: NumberSmoother | undefined;
}

/**
 * The hand of one picture, stage by stage: crop → (heat maps) → network → (smoothing) → mesh.
 *
 * @returns undefined while there is no regressor
 * @throws ConfigError where a regressor that takes heat maps has no network that makes them
 */
export async function predictPhoto(
  networks: Networks,
  image: RgbImage,
  { square, side, smoother }: PredictPhotoOptions,
): Promise<{ readonly hand: PredictedHand; readonly times: StageTimes } | undefined> {
  if (networks.regressor === undefined) return undefined;
  const { model, layer, info } = networks.regressor.run;
  const crop = { x: square.x, y: square.y, width: square.side, height: square.side };
  const times: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    times[stage] = performance.now() - start;
    return result;
  };
  const seen = await timed('crop', () => seeCrop(image, crop, side, info.network.inputSize));
  let maps: HeatmapBytes | undefined;
  if (info.network.channels === 24) {
    if (networks.detector === undefined) {
      throw new ConfigError(
        'This regressor takes heat maps beside the picture: load a heat-map network too, model.json and weights.bin.',
      );
    }
    const maker = heatmapMaker(networks.detector.run);
    maps = await timed('heat maps', () => maker.mapsOf(seeCrop(image, crop, side, maker.inputSize)));
  }
  const handParameters = await timed('network', () => numbersOfView(model, seen, maps));
  const numbers = { side, crop, handParameters };
  const smoothed = smoother?.smooth(numbers, performance.now() / 1000) ?? numbers;
  const hand = await timed('mesh', () => placeHand(layer, smoothed));
  return { hand, times };
}

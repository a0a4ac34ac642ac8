import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createHeatmapUNet, foldNormalizations, HEATMAP_DECODINGS } from '@opposable/hand-regressor';
import { createRng } from '@opposable/tensor-checks';
import { type HeatmapCoding, type HeatmapNetworkInfo, PLACEMENTS } from './types.js';

/** What stands beside the weights of a heat-map network. */
export interface HeatmapRunInfo {
  readonly kind: 'heatmap';
  readonly network: HeatmapNetworkInfo;
  readonly coding: HeatmapCoding;
  /** Of the maps. */
  readonly keypointOrder: 'panoptic';
  /** Epochs that the weights went through. */
  readonly epochs: number;
}

/** A heat-map network. `dispose()` frees it. */
export interface HeatmapRun {
  readonly model: LayersModel;
  readonly info: HeatmapRunInfo;
  dispose(): void;
}

/** A new network with random weights. */
export function createHeatmapRun(
  network: HeatmapNetworkInfo,
  coding: HeatmapCoding,
  seed: number | string,
): HeatmapRun {
  const model = createHeatmapUNet({ ...network, rng: createRng(seed).split('weights') });
  const info: HeatmapRunInfo = { kind: 'heatmap', network, coding, keypointOrder: 'panoptic', epochs: 0 };
  return { model, info, dispose: () => model.dispose() };
}

/** The run for inference alone, in place of the other, whose network is freed: normalisations are in the weights. */
export function mapsForInference({ model: trained, info }: HeatmapRun): HeatmapRun {
  const model = foldNormalizations(trained);
  trained.dispose();
  return { model, info, dispose: () => model.dispose() };
}

/** Side of the maps of a run's network. */
export function mapSizeOf({ model }: HeatmapRun): number {
  return model.outputs[0]!.shape[1]!;
}

/** Whether what stands beside weights is of a heat-map network. */
export function isHeatmapInfo(state: unknown): state is HeatmapRunInfo {
  const info = state as Partial<HeatmapRunInfo> | null;
  return (
    info?.kind === 'heatmap' &&
    typeof info.network?.variant === 'string' &&
    Number.isInteger(info.network.inputSize) &&
    Array.isArray(info.network.normalization?.mean) &&
    Array.isArray(info.network.normalization?.std) &&
    typeof info.coding?.sigma === 'number' &&
    HEATMAP_DECODINGS.includes(info.coding.decoding) &&
    PLACEMENTS.includes(info.coding.placement)
  );
}

import { serialization } from '@tensorflow/tfjs-core';
import { HandWindow } from './hand-window.js';
import { OutputAffine } from './output-affine.js';
import { RefinePlacement } from './refine-placement.js';
import { StandardizeImage } from './standardize-image.js';

/** Makes saved regressors loadable by `loadLayersModel`; `createHandRegressor` calls it, and it may be repeated. */
export function registerHandRegressorLayers(): void {
  for (const layer of [HandWindow, OutputAffine, RefinePlacement, StandardizeImage]) serialization.registerClass(layer);
}

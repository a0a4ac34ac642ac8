import { serialization } from '@tensorflow/tfjs-core';
import { HandWindow } from './hand-window.js';
import { MapPlaces } from './map-places.js';
import { NormalizeImage } from './normalize-image.js';
import { OutputAffine } from './output-affine.js';
import { RefinePlacement } from './refine-placement.js';
import { StandardizeImage } from './standardize-image.js';
import { UpsampleBilinear } from '../heatmaps/upsample-layer.js';

/** Makes saved regressors loadable by `loadLayersModel`; `createHandRegressor` calls it, and it may be repeated. */
export function registerHandRegressorLayers(): void {
  const own = [
    HandWindow,
    MapPlaces,
    NormalizeImage,
    OutputAffine,
    RefinePlacement,
    StandardizeImage,
    UpsampleBilinear,
  ];
  for (const layer of own) serialization.registerClass(layer);
}

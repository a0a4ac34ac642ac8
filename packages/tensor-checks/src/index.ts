export { assertShape, type Dimension, type DimensionSizes, type Shaped } from './assert-shape.js';
export {
  ConfigError,
  DatasetError,
  type ErrorDetails,
  FileFormatError,
  ManoModelError,
  OpposableError,
  ShapeError,
} from './errors.js';
export { createRng, type Rng, rngFromState, type RngState } from './rng.js';

import type { Backend } from '../wasm-backend.js';
import { convolveDirectly, type DirectConvolution } from './direct-convolution.js';
import { convolveByTiles, suitsWinograd } from './winograd.js';

/** result[pixel, :] = patch under the filter · filter, for every pixel of the result, the faster way. */
export function convolve(backend: Backend, convolution: DirectConvolution): void {
  if (suitsWinograd(convolution)) convolveByTiles(backend, convolution);
  else convolveDirectly(backend, convolution);
}

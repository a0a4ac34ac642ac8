import type { EarlyStop, HeatmapCoding } from './types.js';

/** Blobs and decoding of the 2D tutorial. */
export const DOCUMENTED_CODING: HeatmapCoding = {
  sigma: 3,
  radius: 25,
  placement: 'documented',
  decoding: 'expectation',
  hidden: 'include',
};

/** The tutorial's rule for the end of training. */
export const DOCUMENTED_EARLY_STOP: EarlyStop = { after: 10, window: 10, patience: 10 };

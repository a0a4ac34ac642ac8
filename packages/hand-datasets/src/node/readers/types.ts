import type { HandSample } from '../../types.js';

/** How a reader went, so far. */
export interface ReaderReport {
  /** Samples given. */
  readonly read: number;
  /** Records left out because their image is not there. */
  readonly missingImages: number;
}

/** The samples of a dataset in file order, one image in memory at a time. It can be gone through once. */
export interface SampleStream extends AsyncIterable<HandSample> {
  /** Counts up while the samples are read. */
  readonly report: ReaderReport;
}

export interface ReaderOptions {
  /** Records to read, in this order; their images must be there. Default: all whose image is there. */
  readonly rows?: readonly number[] | undefined;
}

/** Opens a dataset in the layout in which its authors distribute it. */
export type DatasetReader = (root: string, options?: ReaderOptions) => SampleStream;

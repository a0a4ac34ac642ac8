import type { HandRecord } from '../../records.js';
import type { HandSample } from '../../types.js';

/** One record that was left out. */
export interface ReaderProblem {
  /** A word or two to count by. */
  readonly reason: string;
  /** File and record, and what was wrong, in one sentence. */
  readonly message: string;
}

/** How a reader went, so far. */
export interface ReaderReport {
  /** Records given. */
  readonly read: number;
  /** Records left out because their image is not there. */
  readonly missingImages: number;
  /** Records left out for another reason, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** The first hundred of those, in words. */
  readonly problems: readonly ReaderProblem[];
}

/** The samples of a dataset in file order, a few images in memory at a time. It can be gone through once. */
export interface SampleStream extends AsyncIterable<HandSample> {
  /** Counts up while the samples are read. */
  readonly report: ReaderReport;
  /** The records alone, without opening an image. */
  records(): AsyncIterable<HandRecord>;
  /** A record with its pixels. @throws DatasetError naming the file */
  load(record: HandRecord): Promise<HandSample>;
}

export interface ReaderOptions {
  /** Records to read by their index, in this order; their images must be there. Default: all whose image is there. */
  readonly rows?: readonly number[] | undefined;
  /** Stops at the first record that cannot be used, or whose image is missing, with its error. Default false. */
  readonly strict?: boolean | undefined;
  /** Images decoded at the same time. Default 8. */
  readonly concurrency?: number | undefined;
}

/** Opens a dataset in the layout in which its authors distribute it. */
export type DatasetReader<Options = object> = (root: string, options?: ReaderOptions & Options) => SampleStream;

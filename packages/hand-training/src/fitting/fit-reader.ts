import { READER_NAMES, type ReaderName } from '@opposable/hand-datasets/choices';
import { readerOf, readers } from '@opposable/hand-datasets/node';
import { ConfigError } from '@opposable/tensor-checks';
import { type FitReport, fitSamples, type FitSamplesOptions } from './fit-samples.js';

/** Datasets that {@link fitReader} can read, by the names of their readers. */
export const FIT_READERS = READER_NAMES;

export interface FitReaderOptions extends FitSamplesOptions {
  /** Which dataset stands in the folder. */
  readonly reader: ReaderName;
  /** The reader's own options: splits, cameras, versions. */
  readonly readerOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Records to fit, by their numbers; default all whose image is there. */
  readonly rows?: readonly number[] | undefined;
}

/**
 * {@link fitSamples} with the photographs of a dataset in the layout of its authors.
 *
 * @param root folder of the dataset
 * @throws ConfigError for an unknown reader; DatasetError for files that are missing or cannot be used; as fitSamples
 */
export async function fitReader(root: string, options: FitReaderOptions): Promise<FitReport> {
  const { reader, readerOptions, rows } = options;
  if (!Object.hasOwn(readers, reader)) {
    throw new ConfigError(`fitReader: expected reader ${FIT_READERS.join(', ')}, got '${String(reader)}'.`, {
      expected: FIT_READERS,
      actual: reader,
    });
  }
  return fitSamples(readerOf(reader)(root, { ...readerOptions, rows }), options);
}

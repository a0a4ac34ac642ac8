import { ConfigError } from '@opposable/tensor-checks';
import { readers } from './readers.js';
import type { DatasetReader } from './types.js';

/**
 * The reader of a dataset whose name comes from a file.
 *
 * @param where of the name, for the message: `splits.train[2].dataset`
 * @throws ConfigError naming the datasets there are
 */
export function readerOf(dataset: string, where?: string): DatasetReader {
  if (Object.hasOwn(readers, dataset)) return (readers as Readonly<Record<string, DatasetReader>>)[dataset]!;
  const known = Object.keys(readers);
  const place = where === undefined ? '' : `${where}: `;
  throw new ConfigError(`${place}expected a dataset of ${known.join(', ')}, got '${dataset}'.`, {
    expected: known,
    actual: dataset,
  });
}

import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { readerOf } from '../readers/reader-of.js';

/** Looks whether there is a reader for every dataset of a configuration. @throws ConfigError naming the place and the datasets there are */
export function checkSources({ splits }: PrepareConfig): void {
  for (const [split, sources] of Object.entries(splits)) {
    sources.forEach(({ dataset }, i) => readerOf(dataset, `splits.${split}[${i}].dataset`));
  }
}

import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { concurrentMapOf } from '../concurrent-map.js';
import { openDatasetFolder } from '../dataset-folder.js';
import { readerOf } from '../readers/reader-of.js';
import type { PrepareSummary, SourceSummary } from './assemble-dataset.js';
import { checkSources } from './check-sources.js';

const KEPT_PROBLEMS = 100;
const FILES_AT_ONCE = 32;

/** What `prepareDataset` would do, as far as annotations and the names of images tell. */
export interface DatasetPlan {
  readonly summary: PrepareSummary;
  /** Images that would be written. */
  readonly images: number;
}

/**
 * Reads every annotation of a configuration's datasets and looks whether the images are there, without opening one.
 *
 * @throws DatasetError if a dataset cannot be read, ConfigError for one that is not known
 */
export async function planDataset(
  config: PrepareConfig,
  options: { readonly limit?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<DatasetPlan> {
  const { limit = Infinity, signal } = options;
  checkSources(config);
  const splits: Record<string, SourceSummary[]> = {};
  const problems: PrepareSummary['problems'][number][] = [];
  let images = 0;
  for (const [split, sources] of Object.entries(config.splits)) {
    splits[split] = [];
    for (const { dataset, root, options: readerOptions, limit: own = Infinity } of sources) {
      const stream = readerOf(dataset)(root, readerOptions);
      const folder = await openDatasetFolder(root, 'planDataset');
      const most = Math.min(limit, own);
      let prepared = 0;
      const unusable: PrepareSummary['problems'][number][] = [];
      const dropped: Record<string, number> = {};
      const drop = (problem: PrepareSummary['problems'][number]): void => {
        dropped[problem.reason] = (dropped[problem.reason] ?? 0) + 1;
        if (unusable.length < KEPT_PROBLEMS) unusable.push(problem);
      };
      async function* records() {
        let count = 0;
        for await (const record of stream.records()) {
          yield record;
          if (++count >= most) return;
        }
      }
      const there = concurrentMapOf(
        records(),
        async ({ image, source }) => {
          const where = `${source.file}: record ${source.index}`;
          try {
            if (await folder.has(image)) return undefined;
            return { reason: 'missing image', message: `${where}: there is no ${image}` };
          } catch (cause) {
            return { reason: 'unsafe path', message: `${where}: ${(cause as Error).message}` };
          }
        },
        FILES_AT_ONCE,
      );
      for await (const absent of there) {
        signal?.throwIfAborted();
        if (absent === undefined) prepared++;
        else drop(absent);
      }
      for (const [reason, count] of Object.entries(stream.report.dropped))
        dropped[reason] = (dropped[reason] ?? 0) + count;
      splits[split].push({ dataset, root, prepared, dropped });
      problems.push(...stream.report.problems, ...unusable);
      problems.splice(KEPT_PROBLEMS);
      images += prepared;
    }
  }
  return { summary: { splits, problems }, images };
}

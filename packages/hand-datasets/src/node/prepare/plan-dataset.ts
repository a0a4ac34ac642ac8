import { CompactKeys } from '../../compact-keys.js';
import { datasetError } from '../../dataset-error.js';
import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { concurrentMapOf } from '../concurrent-map.js';
import { openDatasetFolder } from '../dataset-folder.js';
import { readerOf } from '../readers/reader-of.js';
import type { ReaderProblem } from '../readers/types.js';
import type { PrepareSummary, SourceSummary } from './assemble-dataset.js';
import { checkSources } from './check-sources.js';
import { sourceProblem, withProblem } from './source-problem.js';

const KEPT_PROBLEMS = 100;
const FILES_AT_ONCE = 32;

/** What `prepareDataset` would do, as far as annotations and the names of images tell. */
export interface DatasetPlan {
  readonly summary: PrepareSummary;
  /** Images that would be written. */
  readonly images: number;
}

export interface PlanDatasetOptions {
  /** At most so many records of every source. */
  readonly limit?: number | undefined;
  /** Stops at the first record that cannot be used, as far as that can be told. */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads every annotation of a configuration's datasets and looks whether the images are there, without opening one.
 *
 * @throws DatasetError if a dataset's folder is not there, ConfigError for a dataset that is not known
 */
export async function planDataset(config: PrepareConfig, options: PlanDatasetOptions = {}): Promise<DatasetPlan> {
  const { limit = Infinity, strict = false, signal } = options;
  checkSources(config);
  const splits: Record<string, SourceSummary[]> = {};
  const problems: PrepareSummary['problems'][number][] = [];
  let images = 0;
  for (const [split, sources] of Object.entries(config.splits)) {
    splits[split] = [];
    const ids = new CompactKeys();
    for (const source of sources) {
      const { dataset, root, options: readerOptions, limit: own = Infinity } = source;
      const stream = readerOf(dataset)(root, { ...readerOptions, strict });
      const folder = await openDatasetFolder(root, 'planDataset');
      let end: ReaderProblem | undefined;
      const most = Math.min(limit, own);
      let prepared = 0;
      const unusable: PrepareSummary['problems'][number][] = [];
      const dropped: Record<string, number> = {};
      const drop = (problem: PrepareSummary['problems'][number]): void => {
        if (strict) throw datasetError('planDataset', problem.message.replace(/\.$/, ''));
        dropped[problem.reason] = (dropped[problem.reason] ?? 0) + 1;
        if (unusable.length < KEPT_PROBLEMS) unusable.push(problem);
      };
      async function* records() {
        let count = 0;
        try {
          for await (const record of stream.records()) {
            yield record;
            if (++count >= most) return;
          }
        } catch (cause) {
          if (strict) throw cause;
          end = sourceProblem(source, cause);
        }
      }
      const there = concurrentMapOf(
        records(),
        async ({ id, image, source }): Promise<{ readonly id: string } | ReaderProblem> => {
          const where = `${source.file}: record ${source.index}`;
          try {
            if (await folder.has(image)) return { id };
            return { reason: 'missing image', message: `${where}: there is no ${image}` };
          } catch (cause) {
            return { reason: 'unsafe path', message: `${where}: ${(cause as Error).message}` };
          }
        },
        FILES_AT_ONCE,
      );
      for await (const found of there) {
        signal?.throwIfAborted();
        if ('reason' in found) drop(found);
        else if (ids.add(found.id) >= 0) prepared++;
        else drop({ reason: 'duplicate id', message: `${found.id}: the id came before in the split ${split}` });
      }
      const report = withProblem(stream.report, end);
      for (const [reason, count] of Object.entries(report.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
      splits[split].push({ dataset, root, prepared, dropped });
      problems.push(...report.problems, ...unusable);
      problems.splice(KEPT_PROBLEMS);
      images += prepared;
    }
  }
  return { summary: { splits, problems }, images };
}

import { DatasetError, FileFormatError } from '@opposable/tensor-checks';
import type { PrepareSource } from '../../prepare/prepare-config.js';
import type { ReaderProblem, ReaderReport } from '../readers/types.js';

/**
 * What is reported of a source whose annotations cannot be read, or not to their end: a file that is missing, damaged or
 * another dataset's. It counts once, since nobody knows how many hands are lost; what was read before it stays.
 *
 * @throws the cause if it is something else
 */
export function sourceProblem({ dataset, root }: PrepareSource, cause: unknown): ReaderProblem {
  if (!(cause instanceof DatasetError || cause instanceof FileFormatError)) throw cause;
  return { reason: 'unreadable annotation', message: `${dataset} in ${root}: ${cause.message}` };
}

/** What a reader has left out, and what ended it before its last record, if anything did. */
export function withProblem(
  { dropped, problems }: ReaderReport,
  end: ReaderProblem | undefined,
): Pick<ReaderReport, 'dropped' | 'problems'> {
  if (end === undefined) return { dropped, problems };
  return { dropped: { ...dropped, [end.reason]: (dropped[end.reason] ?? 0) + 1 }, problems: [end, ...problems] };
}

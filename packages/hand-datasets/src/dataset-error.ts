import { DatasetError } from '@opposable/tensor-checks';

/** The error for data that cannot be used: one sentence that starts with the operation. */
export function datasetError(
  operation: string,
  problem: string,
  details: { expected?: unknown; actual?: unknown; cause?: unknown } = {},
): DatasetError {
  return new DatasetError(`${operation}: ${problem}.`, details);
}

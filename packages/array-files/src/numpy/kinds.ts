import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import type { PlainArray, SparseMatrix } from '../types.js';

/** Whether a value that was read is an array of numbers. */
export function isPlainArray(value: unknown): value is PlainArray {
  if (typeof value !== 'object' || value === null || 'format' in value) return false;
  const { dtype, shape, data } = value as Partial<Record<keyof PlainArray, unknown>>;
  return (
    typeof dtype === 'string' && Object.hasOwn(DTYPE_LAYOUTS, dtype) && Array.isArray(shape) && ArrayBuffer.isView(data)
  );
}

/** Whether a value that was read is a sparse matrix. */
export function isSparseMatrix(value: unknown): value is SparseMatrix {
  if (typeof value !== 'object' || value === null) return false;
  const { format, data } = value as { format?: unknown; data?: unknown };
  return (format === 'csc' || format === 'csr' || format === 'coo') && ArrayBuffer.isView(data);
}

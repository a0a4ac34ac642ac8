/** Settings in which every block may be given in part. */
export type PartialSettings<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] | string | number
    ? T[K] | undefined
    : T[K] extends object
      ? PartialSettings<T[K]> | undefined
      : T[K] | undefined;
};

export const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A block with the values in their places that are given; blocks within it likewise. */
export function mergeBlock<T>(base: T, change: unknown): T {
  if (change === undefined) return base;
  if (!isBlock(base) || !isBlock(change)) return change as T;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) merged[key] = mergeBlock(merged[key], value);
  return merged as T;
}

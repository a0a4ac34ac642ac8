import { readGeRealworld } from './read-ge-realworld.js';
import type { DatasetReader } from './types.js';

/** Every dataset reader by the name of its dataset. */
export const readers = {
  'ge-realworld': readGeRealworld,
} as const satisfies Record<string, DatasetReader>;

export type ReaderName = keyof typeof readers;

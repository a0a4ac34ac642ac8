import type { Range } from './types.js';

/** A range of millimetres in metres. */
export const metres = ([least, most]: Range): Range => [least / 1000, most / 1000];

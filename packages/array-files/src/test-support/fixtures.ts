import { readFileSync } from 'node:fs';
import type { PlainArray } from '../types.js';

const folder = new URL('../fixtures/', import.meta.url);

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** An array as make-fixtures.py noted it: 64-bit integers as texts. */
export interface ExpectedArray {
  readonly dtype: string;
  readonly shape: number[];
  readonly data: (number | string)[];
}

export const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, never>;

/** A read array in the form of {@link ExpectedArray}. */
export function describeArray({ dtype, shape, data }: PlainArray): ExpectedArray {
  const values = [...(data as Iterable<number | bigint>)];
  return {
    dtype,
    shape: [...shape],
    data: values.map((value) => (typeof value === 'bigint' ? String(value) : value)),
  };
}

export function fixtureJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}

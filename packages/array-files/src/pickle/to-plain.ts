import { OBJECT_BYTES } from '../core/allowance.js';
import { emptyRecord } from '../core/bytes.js';
import type { PickleValue } from '../types.js';
import { nameOf, NO_VALUES, PyBytes, PyDict, PyObject, PySet, type PickleContext, type PyValue } from './py-values.js';

export interface PlainOptions {
  /** What a Python 2 `str` becomes: a text with one character per byte, or the bytes. Default 'latin1'. */
  readonly byteStrings?: 'latin1' | 'bytes' | undefined;
}

/** Dicts of more keys are hash tables to V8. */
const MOST_SHARED_KEYS = 16;
/** So many lists of keys are remembered. */
const KNOWN_KEYS = 1024;
const LONGEST_KEYS = 512;
const MAX_DEPTH = 400;
/** Lists up to this length are copied, and then take no more than they need. */
const COPIED_ITEMS = 64;
const MIN_UNFOLDED = 1_000_000;
const UNFOLDED_PER_BYTE = 64;

interface Done {
  readonly plain: PickleValue;
  /** Values in it, each counted as often as it is reached. */
  readonly count: number;
}

/**
 * Turns what a pickle has built into plain values. What is shared stays shared.
 *
 * @throws FileFormatError if it contains itself, is nested deeper than 400 levels, or unfolds (shared parts counted as
 *   often as they occur) to far more values than the file has bytes: whoever walks the result would never come back
 */
export function toPlain(
  value: PyValue,
  context: PickleContext,
  fileBytes: number,
  options: PlainOptions = {},
): PickleValue {
  const done = new Map<object, Done | undefined>();
  const limit = Math.max(MIN_UNFOLDED, UNFOLDED_PER_BYTE * fileBytes);
  let count = 0;
  let depth = 0;

  const knownKeys = new Set<string>();
  /** Books what the plain value of a dict takes beyond what it took while it was read. */
  const bookDict = (keys: string | undefined, size: number): void => {
    if (keys !== undefined && knownKeys.has(keys)) return;
    context.object(OBJECT_BYTES.unusualDict + OBJECT_BYTES.unusualEntry * size);
    if (keys !== undefined && knownKeys.size < KNOWN_KEYS && keys.length <= LONGEST_KEYS) knownKeys.add(keys);
  };

  const listOf = (items: PyValue[]): PickleValue => {
    if (items === NO_VALUES) return NO_VALUES as PickleValue[];
    if (items.length <= COPIED_ITEMS) return items.map(convert);
    // in place: two lists of a million items take twice the memory
    for (let i = 0; i < items.length; i++) items[i] = convert(items[i]!) as PyValue;
    return items as PickleValue[];
  };

  const dictOf = (dict: PyDict): PickleValue => {
    const entries = dict.entries ?? [];
    // nobody else reads it, and what has been turned into plain values is let go at once
    const isOwn = !context.isShared(dict);
    const record = emptyRecord<PickleValue>();
    let firstNumber: number | bigint | undefined;
    let isRecord = true;
    for (let i = 0; i < entries.length && isRecord; i += 2) {
      const key = entries[i]!;
      if (typeof key === 'string' || (key instanceof PyBytes && key.isText))
        record[typeof key === 'string' ? key : key.text] = null;
      else if ((typeof key === 'number' && Number.isInteger(key)) || typeof key === 'bigint') firstNumber ??= key;
      else isRecord = false;
    }
    if (isRecord && firstNumber !== undefined) {
      const texts = new Set(Object.keys(record));
      isRecord = !entries.some(
        (key, i) => i % 2 === 0 && (typeof key === 'number' || typeof key === 'bigint') && texts.has(String(key)),
      );
    }
    const size = entries.length / 2;
    bookDict(
      isRecord && firstNumber === undefined && size <= MOST_SHARED_KEYS ? Object.keys(record).join('\0') : undefined,
      size,
    );
    if (!isRecord) {
      const map = new Map<PickleValue, PickleValue>();
      for (let i = 0; i < entries.length; i += 2) map.set(convert(entries[i]!), convert(entries[i + 1]!));
      return map;
    }
    for (let i = 0; i < entries.length; i += 2) {
      const key = entries[i]!;
      record[key instanceof PyBytes ? key.text : `${key as string | number}`] = convert(entries[i + 1]!);
      if (isOwn) entries[i + 1] = null;
    }
    return record;
  };

  const plainOf = (item: Exclude<PyValue, string | number | bigint | boolean | null>): PickleValue => {
    if (item instanceof PyBytes) {
      if (item.isText && options.byteStrings !== 'bytes') return item.text;
      context.object(OBJECT_BYTES.bytes + item.length);
      return item.bytes.slice();
    }
    if (Array.isArray(item)) return listOf(item);
    if (item instanceof PyDict) return dictOf(item);
    if (item instanceof PySet) return new Set(item.items.map(convert));
    if (item instanceof PyObject) return item.plain(convert, context);
    if (item.plain !== undefined) return item.plain;
    return context.fail(`the contents hold the class or function ${nameOf(item)} itself`);
  };

  const convert = (item: PyValue): PickleValue => {
    if (++count > limit) return context.fail(`the contents unfold to more than ${limit} values`);
    if (typeof item !== 'object' || item === null) return item;
    const isShared = context.isShared(item);
    const known = isShared ? done.get(item) : undefined;
    if (known !== undefined) {
      count += known.count;
      return known.plain;
    }
    if (isShared && done.has(item)) return context.fail('the contents contain themselves');
    if (++depth > MAX_DEPTH) return context.fail(`the contents are nested deeper than ${MAX_DEPTH} levels`);
    const before = count;
    if (isShared) done.set(item, undefined);
    const plain = plainOf(item);
    if (isShared) done.set(item, { plain, count: count - before });
    depth--;
    return plain;
  };
  return convert(value);
}

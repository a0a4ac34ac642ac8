// JSON.parse cannot read a file of more than 512 MB, and holds all of it: the annotations of InterHand2.6M are larger.
// Here the bytes are only scanned for where values begin and end (about 300 MB/s), and each value is parsed by itself.
import { open } from 'node:fs/promises';
import { datasetError } from '../../dataset-error.js';
import { parseJsonText } from './parse-json-text.js';

/** A value inside a JSON file. */
export interface JsonEntry {
  /** Keys of objects and places in lists that lead to the value. */
  readonly path: readonly (string | number)[];
  /** The parsed value. */
  readonly value: unknown;
  /** First byte of the value in the file, and the byte after its last. */
  readonly start: number;
  readonly end: number;
}

export interface ScanJsonOptions {
  /** How deep the values lie: 1 for the members of the outermost object or list, 2 for theirs, … */
  readonly depth: number;
  /** Whether to parse the value at this path; skipped values cost only their bytes. Default: all. */
  readonly select?: ((path: readonly (string | number)[]) => boolean) | undefined;
  /** Parses the values (default) or only finds them: then every `value` is undefined. */
  readonly parse?: boolean | undefined;
  /** Bytes read at once. Default 1 MiB. */
  readonly chunkSize?: number | undefined;
  /** Name of the calling operation, for messages. */
  readonly operation?: string | undefined;
}

const CHUNK = 1 << 20;
const MAX_VALUE = 1 << 28;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

interface Level {
  readonly isList: boolean;
  /** Key of the member being read, or its place. */
  key: string | number;
  /** Whether a key (of an object) still has to come. */
  wantsKey: boolean;
}

/**
 * Values of a JSON file at a given depth, in file order, without holding the file.
 *
 * @param path the file
 * @param options `depth`, and which values to parse
 * @returns the values with their paths and places; memory is that of the largest value
 * @throws DatasetError if the file cannot be read, is cut off, or is not JSON where it was looked at
 *
 * @example
 * for await (const { value } of scanJson('coco.json', { depth: 2, select: ([key]) => key === 'annotations' })) …
 */
export async function* scanJson(path: string, options: ScanJsonOptions): AsyncGenerator<JsonEntry, void, undefined> {
  const { depth, select, parse = true, chunkSize = CHUNK, operation = 'scanJson' } = options;
  const fail = (problem: string, cause?: unknown) => datasetError(operation, `${path} ${problem}`, { cause });
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw fail(`cannot be read (${cause.code === 'ENOENT' ? 'there is no such file' : cause.code})`, cause);
  });
  try {
    const levels: Level[] = [];
    let buffer: Buffer = Buffer.alloc(0);
    let base = 0; // place in the file of buffer[0]
    let at = 0; // next byte to look at
    let nesting = 0; // brackets open inside the value that is being passed
    let start = -1; // first byte of that value in the buffer, −1 between values
    let wanted = false;
    let inString = false;
    let isKey = false;
    let stringStart = -1;
    let finished = false;

    const parseText = (from: number, to: number): unknown => {
      try {
        return parseJsonText(buffer.toString('utf8', from, to));
      } catch (cause) {
        throw fail(`is not JSON at byte ${base + from} (${(cause as Error).message})`, cause);
      }
    };
    const pathNow = (): (string | number)[] => levels.map(({ key }) => key);
    const entry = (end: number): JsonEntry | undefined => {
      const from = start;
      start = -1;
      if (!wanted) return undefined;
      return {
        path: pathNow(),
        value: parse ? parseText(from, end) : undefined,
        start: base + from,
        end: base + end,
      };
    };

    for (;;) {
      // keep the value (or key) that is under way
      const keep =
        start >= 0 && wanted ? start : inString && stringStart >= 0 ? stringStart : Math.min(at, buffer.length);
      if (buffer.length - keep > MAX_VALUE)
        throw fail(`holds a value of more than ${MAX_VALUE} bytes at ${base + keep}`);
      const rest = buffer.subarray(keep);
      const chunk = Buffer.allocUnsafe(rest.length + chunkSize);
      rest.copy(chunk);
      const { bytesRead } = await file.read(chunk, rest.length, chunkSize);
      buffer = chunk.subarray(0, rest.length + bytesRead);
      base += keep;
      at -= keep;
      if (start >= 0) start = wanted ? start - keep : 0;
      if (stringStart >= 0) stringStart -= keep;
      if (bytesRead === 0) break;

      for (; at < buffer.length; at++) {
        const byte = buffer[at]!;
        if (inString) {
          if (byte === BACKSLASH) {
            at++; // the escaped byte; when it lies in the next chunk `at` already stands behind it
            continue;
          }
          if (byte !== QUOTE) continue;
          inString = false;
          if (isKey) {
            isKey = false;
            levels.at(-1)!.key = parseText(stringStart, at + 1) as string;
            stringStart = -1;
          }
          continue;
        }
        if (start >= 0) {
          if (byte === QUOTE) inString = true;
          else if (byte === OPEN_LIST || byte === OPEN_OBJECT) nesting++;
          else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
            if (nesting > 0) {
              nesting--;
              continue;
            }
            const found = entry(at);
            if (found) yield found;
            at--; // the bracket closes the level around
          } else if (byte === COMMA && nesting === 0) {
            const found = entry(at);
            if (found) yield found;
            at--; // the comma belongs to the level around
          }
          continue;
        }
        if (isSpace(byte)) continue;
        const level = levels.at(-1);
        if (finished) throw fail(`is not JSON at byte ${base + at} (more after its end)`);
        if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
          if (level?.isList !== (byte === CLOSE_LIST)) throw fail(`is not JSON at byte ${base + at} (wrong bracket)`);
          levels.pop();
          finished = levels.length === 0;
        } else if (byte === COMMA) {
          if (!level) throw fail(`is not JSON at byte ${base + at} (a comma)`);
          if (level.isList) level.key = (level.key as number) + 1;
          else level.wantsKey = true;
        } else if (byte === COLON) {
          if (!level || level.isList) throw fail(`is not JSON at byte ${base + at} (a colon)`);
        } else if (level && !level.isList && level.wantsKey) {
          if (byte !== QUOTE) throw fail(`is not JSON at byte ${base + at} (a key was expected)`);
          level.wantsKey = false;
          inString = true;
          isKey = true;
          stringStart = at;
        } else if (
          levels.length < depth &&
          (byte === OPEN_LIST || byte === OPEN_OBJECT) &&
          wants(levels, select, depth)
        ) {
          levels.push({ isList: byte === OPEN_LIST, key: byte === OPEN_LIST ? 0 : '', wantsKey: byte === OPEN_OBJECT });
        } else if (levels.length === 0) {
          throw fail(`is not JSON at byte ${base + at} (an object or a list was expected)`);
        } else {
          start = at;
          wanted = levels.length === depth && (select === undefined || select(pathNow()));
          nesting = 0;
          if (byte === QUOTE) inString = true;
          else if (byte === OPEN_LIST || byte === OPEN_OBJECT) nesting = 1;
        }
      }
    }
    if (!finished) throw fail(`is not JSON (it ends at byte ${base + buffer.length} inside a value)`);
  } finally {
    await file.close();
  }
}

/** Whether to look inside: below the wanted depth everything may lead to a wanted value, unless `select` refuses its path. */
function wants(levels: readonly Level[], select: ScanJsonOptions['select'], depth: number): boolean {
  if (select === undefined || levels.length === 0 || levels.length >= depth) return true;
  return select(levels.map(({ key }) => key));
}

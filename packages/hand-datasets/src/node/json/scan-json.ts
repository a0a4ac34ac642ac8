// JSON.parse cannot read a file of more than 512 MB, and holds all of it: the annotations of InterHand2.6M are larger.
// Here the bytes are only scanned for where values begin and end, and each value is parsed by itself.
import { open } from 'node:fs/promises';
import { datasetError } from '../../dataset-error.js';
import { JsonScanner } from './json-scanner.js';
import { JsonValues } from './json-values.js';
import { parseJsonText } from '../../json/parse-json-text.js';

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
  /** Gives numbers and texts that lie less deep, too. */
  readonly leaves?: boolean | undefined;
  /**
   * Parses the values (default); 'packed', which is faster, gives lists of numbers as a `NumberList`; 'lenient' gives the
   * SyntaxError of a value that is not JSON in its place; false only finds the values: then every `value` is undefined.
   */
  readonly parse?: boolean | 'packed' | 'lenient' | undefined;
  /** With 'packed': members of a value that are wanted. Default all. */
  readonly members?: readonly string[] | undefined;
  /** Bytes read at once. Default 512 KiB. */
  readonly chunkSize?: number | undefined;
  /** Name of the calling operation, for messages. */
  readonly operation?: string | undefined;
}

const CHUNK = 1 << 19;
const MAX_VALUE = 1 << 28;
/**
 * Values that are alive at a time are what the garbage collector copies: half a MiB holds fifteen thousand cameras of FreiHAND.
 * Processor time of a record where 32, 64, 128 or all of a piece are given at once: InterHand2.6M 26, 19, 20 and 35 µs, FreiHAND
 * 38, 39, 33 and 48 (least of ten on a busy machine).
 */
const MOST = 128;

/** {@link scanJson}, some hundred values at a time. */
export async function* scanJsonBatches(
  path: string,
  options: ScanJsonOptions,
): AsyncGenerator<readonly JsonEntry[], void, undefined> {
  const { depth, select, leaves, parse = true, members, chunkSize = CHUNK, operation = 'scanJson' } = options;
  const fail = (problem: string, cause?: unknown) => datasetError(operation, `${path} ${problem}`, { cause });
  const packed = parse === 'packed' ? new JsonValues(members && new Set(members)) : undefined;
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw fail(`cannot be read (${cause.code === 'ENOENT' ? 'there is no such file' : cause.code})`, cause);
  });
  const readChunk = (chunk: Buffer): Promise<{ bytesRead: number; chunk: Buffer }> => {
    const read = file.read(chunk, 0, chunkSize).then(({ bytesRead }) => ({ bytesRead, chunk }));
    read.catch(() => undefined); // reported to whoever waits for it
    return read;
  };
  let reading = readChunk(Buffer.allocUnsafe(chunkSize));
  try {
    const valueOf = (buffer: Buffer, start: number, end: number): unknown => {
      if (parse === false) return undefined;
      if (packed) return packed.parse(buffer, start, end);
      try {
        return parseJsonText(buffer.toString('utf8', start, end));
      } catch (cause) {
        if (parse === 'lenient' && cause instanceof SyntaxError) return cause;
        throw cause;
      }
    };
    const valueAhead = packed && ((buffer: Buffer, start: number) => packed.parseAhead(buffer, start));
    const scanner = new JsonScanner({ depth, select, leaves, valueAhead, valueOf, fail, most: MOST });
    let buffer = Buffer.allocUnsafe(2 * chunkSize); // nothing that is given refers to it
    let held = 0; // bytes in it that are still needed
    let base = 0; // place in the file of its first byte
    for (;;) {
      if (held > MAX_VALUE) throw fail(`holds a value of more than ${MAX_VALUE} bytes at ${base}`);
      const { bytesRead, chunk } = await reading;
      if (bytesRead === 0) break;
      const length = held + bytesRead;
      if (length > buffer.length) {
        const grown = Buffer.allocUnsafe(2 * length);
        buffer.copy(grown, 0, 0, held);
        buffer = grown;
      }
      chunk.copy(buffer, held, 0, bytesRead);
      reading = readChunk(chunk); // while these bytes are looked through
      let from = 0;
      for (let hasMore = true; hasMore;) {
        const found = scanner.feed(buffer.subarray(from, length), base + from);
        if (found.entries.length > 0) yield found.entries;
        if (found.failure !== undefined) throw found.failure;
        from += found.keep;
        hasMore = found.hasMore;
      }
      if (from > 0) buffer.copyWithin(0, from, length);
      held = length - from;
      base += from;
    }
    if (!scanner.finished) throw fail(`is not JSON (it ends at byte ${base + held} inside a value)`);
  } finally {
    await reading.catch(() => undefined);
    await file.close();
  }
}

/**
 * Values of a JSON file at a given depth, in file order, without holding the file.
 *
 * @param path the file
 * @param options `depth`, and which values to parse
 * @returns the values with their paths and places; memory is that of the largest value and of half a MiB of the file
 * @throws DatasetError if the file cannot be read, is cut off, or is not JSON where it was looked at
 *
 * @example
 * for await (const { value } of scanJson('coco.json', { depth: 2, select: ([key]) => key === 'annotations' })) …
 */
export async function* scanJson(path: string, options: ScanJsonOptions): AsyncGenerator<JsonEntry, void, undefined> {
  for await (const entries of scanJsonBatches(path, options)) yield* entries;
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { NumberList } from '../../json/number-list.js';
import { type JsonEntry, scanJson, scanJsonBatches, type ScanJsonOptions } from './scan-json.js';

describe('scanJson', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scan-json-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const scan = async (text: string, options: ScanJsonOptions): Promise<JsonEntry[]> => {
    const path = join(folder, 'file.json');
    await writeFile(path, text);
    const entries: JsonEntry[] = [];
    for await (const entry of scanJson(path, options)) entries.push(entry);
    return entries;
  };
  /** What JSON.parse gives at a depth. */
  const members = (value: unknown, depth: number, path: (string | number)[] = []): [unknown[], unknown][] => {
    if (depth === 0) return [[path, value]];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      members(inner, depth - 1, [...path, Array.isArray(value) ? Number(key) : key]),
    );
  };
  const rng = createRng('scan-json');
  const random = (depth: number): unknown => {
    const kind = depth === 0 ? rng.integer(0, 3) : rng.integer(0, 7);
    if (kind === 0) return rng.normal();
    if (kind === 1) return '"\\],{é☃😀'.repeat(rng.integer(0, 3));
    if (kind === 2) return null;
    if (kind === 3) return rng.integer(0, 1) === 1;
    const count = rng.integer(0, 5);
    if (kind < 6) return Array.from({ length: count }, () => random(depth - 1));
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}"\\}:`, random(depth - 1)]));
  };

  it.each([1, 2, 3])(
    'finds the same values as JSON.parse at depth %i, whatever the chunks',
    async (depth) => {
      for (let i = 0; i < 40; i++) {
        const value = { a: random(4), b: [random(3), random(3)], c: random(2) };
        const text = JSON.stringify(value, null, i % 3);
        for (const chunkSize of [1, 7, 1 << 20]) {
          const entries = await scan(text, { depth, chunkSize });
          expect(entries.map(({ path, value: found }) => [path, found])).toEqual(members(value, depth));
          for (const { start, end, value: found } of entries) {
            expect(JSON.parse(Buffer.from(text).toString('utf8', start, end))).toEqual(found);
          }
        }
      }
    },
    30_000, // ninety thousand reads of a byte
  );

  /** Lists of numbers as JSON.parse has them, flat. */
  const flat = (value: unknown): unknown => {
    if (value instanceof NumberList) return [...value.data];
    if (!Array.isArray(value)) return value;
    const numbers = (value as unknown[]).flat(Infinity);
    return numbers.length > 0 && numbers.every((inner) => typeof inner === 'number') ? numbers : value.map(flat);
  };

  it('packs the same values wherever the chunks end, and refuses the same mistakes', async () => {
    const value = Array.from({ length: 12 }, (_, i) => [
      i,
      -1.5 - i,
      [
        [rng.normal(), 2],
        [3, 4],
      ],
      'text',
      i % 2 === 0,
    ]);
    const text = JSON.stringify({ a: value, b: 17, c: 'x' });
    for (const chunkSize of [5, 6, 7, 31, 64, 1 << 20]) {
      const entries = await scan(text, { depth: 2, leaves: true, parse: 'packed', chunkSize });
      expect(entries.map(({ path, value: found }) => [path, flat(found)])).toEqual([
        ...value.map((inner, i) => [['a', i], flat(inner)]),
        [['b'], 17],
        [['c'], 'x'],
      ]);
      for (const { start, end, value: found } of entries)
        expect(flat(JSON.parse(text.slice(start, end)))).toEqual(flat(found));
      for (const wrong of ['[{"a":1} {"a":2}]', '[1 2]', '[[1,2] x, 3]', '[[1,2}]']) {
        await expect(scan(wrong, { depth: 1, parse: 'packed', chunkSize })).rejects.toThrow(/is not JSON/);
      }
    }
  });

  it('gives a hundred values at a time, however many are in a piece, and what came before a mistake', async () => {
    const path = join(folder, 'many.json');
    const values = Array.from({ length: 1000 }, (_, i) => (i % 3 === 0 ? `"\\],${i}` : { i }));
    const text = JSON.stringify({ a: values, b: values });
    for (const [content, count] of [
      [text, 2000],
      [`${text.slice(0, -2)},nul]}`, 2000],
    ] as const) {
      await writeFile(path, content);
      for (const [parse, chunkSize] of [
        ['packed', 1 << 20],
        [true, 1 << 20],
        ['packed', 500],
      ] as const) {
        const found: unknown[] = [];
        let most = 0;
        const read = async (): Promise<void> => {
          for await (const entries of scanJsonBatches(path, { depth: 2, parse, chunkSize })) {
            most = Math.max(most, entries.length);
            for (const { path: keys, value, start, end } of entries) {
              expect(JSON.parse(Buffer.from(content).toString('utf8', start, end))).toEqual(value);
              found.push([...keys, value]);
            }
          }
        };
        if (content === text) await read();
        else await expect(read()).rejects.toThrow(`is not JSON at byte ${content.lastIndexOf('nul')} (`);
        expect(found.slice(0, count)).toEqual(['a', 'b'].flatMap((key) => values.map((value, i) => [key, i, value])));
        expect(found).toHaveLength(count);
        expect(most).toBeLessThan(200);
      }
    }
  });

  it('parses only what is selected', async () => {
    const text = '{"images":[{"id":1}, not json at all ],"annotations":[{"id":2},{"id":3}]}';
    const entries = await scan(text, { depth: 2, select: ([key]) => key === 'annotations' });
    expect(entries.map(({ value }) => value)).toEqual([{ id: 2 }, { id: 3 }]);
  });

  it.each([
    ['', /ends at byte 0/],
    ['{"a":[1,2', /ends at byte 9 inside a value/],
    ['[1,2]]', /more after its end/],
    ['[1,2}', /wrong bracket/],
    ['hello', /an object or a list was expected/],
    ['{a:1}', /a key was expected/],
    ['[nul]', /is not JSON at byte 1/],
  ])('refuses %s', async (text, message) => {
    await expect(scan(text, { depth: 1 })).rejects.toThrow(DatasetError);
    await expect(scan(text, { depth: 1 })).rejects.toThrow(message);
  });

  it('names a missing file', async () => {
    await expect(scanJson(join(folder, 'none.json'), { depth: 1 }).next()).rejects.toThrow(
      /none\.json cannot be read \(there is no such file\)/,
    );
  });
});

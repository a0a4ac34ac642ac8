import { createRng } from '@opposable/tensor-checks';
import { NumberList } from '../../json/number-list.js';
import { JsonValues } from './json-values.js';
import { decimalValue } from './parse-decimal.js';

const rng = createRng('json-values');
const parse = (text: string, members?: readonly string[]): unknown => {
  const bytes = Buffer.from(`?${text}?`);
  return new JsonValues(members && new Set(members)).parse(bytes, 1, bytes.length - 1);
};
/** Lists of numbers as JSON.parse has them, flat. */
const plain = (value: unknown): unknown => {
  if (value instanceof NumberList) return [...value.data];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};
const isNumbers = (value: unknown): boolean =>
  typeof value === 'number' || (Array.isArray(value) && value.length > 0 && value.every(isNumbers));
const flat = (value: unknown): unknown => {
  if (Array.isArray(value)) return isNumbers(value) ? value.flat(Infinity) : value.map(flat);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, flat(inner)]));
};

describe('numbers', () => {
  const texts = function* () {
    yield* ['0', '-0', '0.0', '1', '-1', '1e5', '1E-5', '1.5e+3', '9007199254740993', '123456789012345678', '5e-324'];
    yield* ['1e22', '1e23', '1.7976931348623157e308', '1e400', '0.1', '1e-400', '0.000001', '8.41e-21', '2.5e-7'];
    yield* [
      '123456789',
      '1234567890',
      '123456789.123456789',
      '123456789.1234567891',
      '0.00000000000000000000000000012',
    ];
    yield* [
      '-12345678901234567890.5E-7',
      '0.123456789012345678901234e+5',
      '1.7976931348623159E+308',
      '-0.0e0',
      '100000',
    ];
    yield* ['9007199254740992.5', '4503599627370497.5', '0.30000000000000004', '100000000000000000000000000000'];
    for (let i = 0; i < 60_000; i++) {
      const value = rng.normal() * 10 ** rng.integer(-12, 12);
      yield String(value);
      yield value.toFixed(rng.integer(0, 12));
      yield value.toPrecision(rng.integer(1, 21));
      // halfway between two neighbours, where rounding is hardest
      const whole = Math.floor(Math.abs(value) * 2 ** 30) + 2 ** 52;
      yield `${BigInt(whole) * 2n + 1n}.${'0'.repeat(rng.integer(0, 1))}${rng.integer(0, 9)}`;
    }
  };

  it('have every bit that JSON.parse gives them', () => {
    let wrong = 0;
    let certain = 0;
    let all = 0;
    for (const text of texts()) {
      const list = parse(`[${text}]`) as NumberList;
      if (!Object.is(list.data[0], JSON.parse(text))) wrong++;
      all++;
      const match = /^(\d+)\.(\d+)$/.exec(text);
      if (!match || match[1]!.length + match[2]!.length > 17) continue;
      const digits = (match[1]! + match[2]!).replace(/^0+(?=\d)/, '');
      const value = decimalValue(
        Number(digits.slice(0, 9)),
        Number(digits.slice(9)),
        Math.max(0, digits.length - 9),
        -match[2]!.length,
      );
      if (!Number.isNaN(value)) certain++;
      if (!Number.isNaN(value) && value !== Number(text)) wrong++;
    }
    expect(wrong).toBe(0);
    expect(all).toBeGreaterThan(200_000);
    expect(certain).toBeGreaterThan(20_000); // not all of them left to JSON.parse
  });
});

describe('JsonValues', () => {
  const random = (depth: number): unknown => {
    const kind = depth === 0 ? rng.integer(0, 3) : rng.integer(0, 8);
    if (kind === 0) return rng.normal();
    if (kind === 1) return ['', 'text', '"\\', 'é☃😀', ' \t\n', ']},:{['][rng.integer(0, 5)];
    if (kind === 2) return [null, true, false][rng.integer(0, 2)];
    if (kind === 3) return rng.integer(-5, 5);
    const count = rng.integer(0, 4);
    if (kind === 4) return Array.from({ length: count }, () => [rng.normal(), rng.normal(), 1]);
    if (kind < 7) return Array.from({ length: count }, () => random(depth - 1));
    return Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`k${i}${['', '"', '☃', '}'][i % 4]}`, random(depth - 1)]),
    );
  };

  it('gives the values of JSON.parse, whatever the spaces', () => {
    for (let i = 0; i < 2000; i++) {
      const value = random(4);
      expect(flat(plain(parse(JSON.stringify(value, null, i % 3))))).toEqual(flat(value));
    }
  });

  it('tells members and width of a list of rows', () => {
    expect(parse('[[1, 2], [3, 4], [5, 6]]')).toMatchObject({ length: 3, width: 2 });
    expect(parse('[[1, 2], [3]]')).toMatchObject({ length: 2, width: 0 });
    expect(parse('[1, 2]')).toMatchObject({ length: 2, width: 0 });
    expect(parse('[[[1], [2]]]')).toMatchObject({ length: 1, width: 2 });
    expect(parse('[]')).toEqual([]);
    expect(parse('[[]]')).toEqual([[]]);
  });

  it('passes over members that are not wanted', () => {
    const text = '{"a": [1, {"b": "]}\\""}, NaN], "c": 3, "d": {"c": 4}, "e": "x\\\\", "f": 5}';
    expect(parse(text, ['c', 'f'])).toEqual({ c: 3, f: 5 });
  });

  it('takes NaN as Python writes it for null', () => {
    expect(parse('{"a": [1, NaN], "b": -Infinity}')).toEqual({ a: [1, null], b: null });
  });

  it('does not give names to prototypes', () => {
    const value = parse('{"__proto__": {"x": 1}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect((value as { x?: number }).x).toBeUndefined();
  });

  it.each([
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '12345678901.',
    '012345678901',
    '1.2345678901234567890.5',
    '0.12345678901234567891e',
    '1.5e+',
    '1e+-5',
    '1234567890-5',
    '-.12345678901234567890',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[[1][2]]',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    'nul',
    '"a',
    '[1',
    '1 2',
    '',
    '[1,2]]',
  ])('refuses %s like JSON.parse', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  it('reads lists as deep as JSON.parse does', () => {
    const deep = `${'['.repeat(500)}1${']'.repeat(500)}`;
    expect(parse(deep)).toEqual(JSON.parse(deep));
  });
});

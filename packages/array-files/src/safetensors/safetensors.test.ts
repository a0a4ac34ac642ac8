import { FileFormatError } from '@opposable/tensor-checks';
import { describeArray, type ExpectedArray, fixture, fixtureJson } from '../test-support/fixtures.js';
import { parseSafetensors, readSafetensors } from './read-safetensors.js';
import { writeSafetensors } from './write-safetensors.js';

/** A file with this header (padded by nothing) and data. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(), declared?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, declared ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

describe('writeSafetensors and parseSafetensors', () => {
  const tensors = {
    'layer.weight': { shape: [2, 3], data: new Float32Array([1, -2, 3.5, 0, 1e-20, 7]) },
    half: { dtype: 'float16', shape: [4], data: new Float32Array([1, -0.5, 65504, 6e-8]) },
    brain: { dtype: 'bfloat16', shape: [2], data: new Float32Array([1, -3e38]) },
    flags: { dtype: 'bool', shape: [3], data: new Uint8Array([1, 0, 1]) },
    big: { shape: [], data: new BigInt64Array([-(2n ** 62n)]) },
    empty: { shape: [0, 5], data: new Float64Array() },
    step: { shape: [1], data: new Uint32Array([4294967295]) },
  } as const;

  it('round-trips every tensor, its dtype, its shape and the metadata', async () => {
    const { tensors: read, metadata } = await readSafetensors(writeSafetensors(tensors, { b: '2', a: 'ü' }));
    expect(metadata).toEqual({ a: 'ü', b: '2' });
    expect(Object.keys(read).sort()).toEqual(Object.keys(tensors).sort());
    expect(read['layer.weight']).toEqual({ dtype: 'float32', ...tensors['layer.weight'] });
    expect([...read['half']!.data]).toEqual([1, -0.5, 65504, 2 ** -24]);
    expect(read['brain']!.data[1]).toBeCloseTo(-3e38, -37);
    expect(read['flags']).toEqual(tensors.flags);
    expect(read['big']).toEqual({ dtype: 'int64', ...tensors.big });
    expect(read['empty']!.shape).toEqual([0, 5]);
    expect(read['step']!.data[0]).toBe(4294967295);
  });

  it('gives the same bytes whatever the order of the input, with the data aligned to 8 bytes', () => {
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    const bytes = writeSafetensors(tensors, { a: '1', b: '2' });
    expect(writeSafetensors(reversed, { b: '2', a: '1' })).toEqual(bytes);
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('reads what the reference implementation wrote, complex numbers among it, and writes it again', () => {
    const { tensors: expectedTensors } = fixtureJson('numpy2.json') as { tensors: Record<string, ExpectedArray> };
    const { tensors: read, metadata } = parseSafetensors(fixture('reference.safetensors'));
    const described = Object.fromEntries(Object.entries(read).map(([name, array]) => [name, describeArray(array)]));
    expect(described).toEqual(expectedTensors);
    expect(metadata).toEqual({ made: 'größer' });
    expect(parseSafetensors(writeSafetensors(read, metadata))).toEqual({ tensors: read, metadata });
  });

  it('reads the worked example of the format description byte by byte', () => {
    const header = { test: { dtype: 'I32', shape: [2, 2], data_offsets: [0, 16] } };
    const { tensors: read } = parseSafetensors(fileOf(header, new Uint8Array(16).fill(0).fill(1, 4, 5)));
    expect([...read['test']!.data]).toEqual([0, 1, 0, 0]);
  });

  it('treats __proto__ as an ordinary tensor name', () => {
    const bytes = fileOf('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', new Uint8Array([9]));
    expect(Object.keys(parseSafetensors(bytes).tensors)).toEqual(['__proto__']);
  });

  it.each([
    ['shorter than its length field', new Uint8Array(7), /expected at least 8 bytes, got 7/],
    ['a header longer than the file', fileOf({}, undefined, 2n ** 63n), /declared 9223372036854775808 bytes long/],
    ['a header that is no JSON', fileOf('{"a":'), /not JSON/],
    ['a header that is a list', fileOf('[]'), /not a JSON object/],
    ['an unknown dtype', fileOf({ a: { dtype: 'F8_E4M3', shape: [], data_offsets: [0, 1] } }), /"F8_E4M3".*accepted/],
    ['a negative size', fileOf({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 1] } }), /shape \[-1\]/],
    ['a size beyond 2^53', fileOf({ a: { dtype: 'U8', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 1] } }), /shape/],
    [
      'data beyond the end',
      fileOf({ a: { dtype: 'U8', shape: [9], data_offsets: [0, 9] } }),
      /data_offsets \[0,9\] in 0/,
    ],
    [
      'a hole between tensors',
      fileOf({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, new Uint8Array(2)),
      /starts at byte 1/,
    ],
    ['data that no tensor owns', fileOf({}, new Uint8Array(3)), /take 0 bytes, the file holds 3/],
    ['metadata that is no text', fileOf({ __metadata__: { a: 1 } }), /not an object of strings/],
  ])('refuses a file with %s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(FileFormatError);
    expect(() => parseSafetensors(bytes)).toThrow(message);
  });

  it('refuses arrays whose data, shape and dtype do not fit together', () => {
    expect(() => writeSafetensors({ a: { shape: [3], data: new Float32Array(2) } })).toThrow(/shape \[3\].*got 2/);
    expect(() => writeSafetensors({ a: { dtype: 'int32', shape: [2], data: new Float32Array(2) } })).toThrow(
      /Int32Array/,
    );
    expect(() => writeSafetensors({ a: { dtype: 'complex128', shape: [1], data: new Float64Array(2) } })).toThrow(
      /no dtype/,
    );
    expect(() => writeSafetensors({ __metadata__: { shape: [1], data: new Int8Array(1) } })).toThrow(/reserves/);
    expect(() => writeSafetensors({ a: { dtype: 'F32' as 'float32', shape: [1], data: new Float32Array(1) } })).toThrow(
      /one of float64, float32/,
    );
  });
});

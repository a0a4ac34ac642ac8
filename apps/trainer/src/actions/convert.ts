import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { type FlatArrays, flattenArrays, type PlainArray, writeNpz, writeSafetensors } from '@opposable/array-files';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/convert.js';
import { readInput } from '../inspect/read-input.js';
import { bytesText } from '../options.js';

function asFloat32(array: PlainArray): PlainArray {
  if (array.dtype !== 'float64') return array;
  return { dtype: 'float32', shape: array.shape, data: Float32Array.from(array.data as Float64Array) };
}

/** Values of the names that are kept; names that the file does not have are refused. */
function without({ arrays, texts, madeDense, left }: FlatArrays, drop: readonly string[]): FlatArrays {
  const names = new Set([...Object.keys(arrays), ...Object.keys(texts), ...left.map(({ name }) => name)]);
  const unknown = drop.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new ConfigError(`--drop: the file holds no ${unknown.join(', ')}.`, {
      expected: [...names],
      actual: unknown,
    });
  }
  const keep = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !drop.includes(name)));
  return {
    arrays: keep(arrays),
    texts: keep(texts),
    madeDense,
    left: left.filter(({ name }) => !drop.includes(name)),
  };
}

function safetensorsOf({ arrays, texts }: FlatArrays, metadata: Readonly<Record<string, string>>): Uint8Array {
  const single = Object.entries(texts).map(([name, { shape, data }]) => {
    return [name, shape.length === 0 || data.length === 1 ? data[0]! : JSON.stringify(data)] as const;
  });
  return writeSafetensors(arrays, { ...metadata, ...Object.fromEntries(single) });
}

function npzOf(
  { arrays, texts }: FlatArrays,
  metadata: Readonly<Record<string, string>>,
  compress: boolean,
): Uint8Array {
  const described = Object.entries(metadata).map(([name, text]) => {
    return [name, { dtype: 'text', shape: [], data: [text] }] as const;
  });
  const members = { ...Object.fromEntries(described), ...texts, ...arrays };
  return writeNpz(members, { compression: compress ? 'deflate' : 'stored' });
}

/** What `opposable convert IN OUT.npz|.safetensors` does. */
export async function convertAction(
  file: string,
  out: string,
  { dtype, compress = false, drop }: Flags,
): Promise<void> {
  const input = await readInput(file);
  const flat = without(flattenArrays(input.contents), drop);
  const extension = extname(out).toLowerCase();
  if (flat.left.length > 0) {
    const shown = flat.left.slice(0, 5).map(({ name, what }) => `${name} (${what})`);
    const more = flat.left.length > 5 ? ` and ${flat.left.length - 5} more` : '';
    throw new ConfigError(
      `${input.path}: ${extension} holds arrays and texts, but not ${shown.join(', ')}${more}; leave them out with --drop.`,
      { actual: flat.left },
    );
  }
  if (compress && extension !== '.npz') {
    throw new ConfigError(`--compress is accepted only for .npz, got ${extension}.`, {
      expected: '.npz',
      actual: out,
    });
  }
  const convert = dtype === 'float32' ? asFloat32 : (array: PlainArray): PlainArray => array;
  const arrays = Object.fromEntries(Object.entries(flat.arrays).map(([name, array]) => [name, convert(array)]));
  const result = { ...flat, arrays };
  const bytes = extension === '.npz' ? npzOf(result, input.metadata, compress) : safetensorsOf(result, input.metadata);
  if (await stat(out).then((found) => found.isDirectory(), () => false)) {
    throw new ConfigError(`${out}: expected a file to write, found a folder.`, { actual: out });
  } // prettier-ignore
  await writeFileAtomic(out, bytes);
  const texts = Object.keys(flat.texts).length + Object.keys(input.metadata).length;
  const lines = [`${out}: ${Object.keys(arrays).length} arrays, ${texts} texts, ${bytesText(bytes.length)}`];
  if (flat.madeDense.length > 0) lines.push(`Sparse matrices written dense: ${flat.madeDense.join(', ')}`);
  if (drop.length > 0) lines.push(`Left out: ${drop.join(', ')}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

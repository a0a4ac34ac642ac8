import { strFromU8 } from 'fflate';
import { elementCount } from '../core/dtypes.js';
import { decodeElements } from '../core/elements.js';
import { elementTypeOf } from './element-types.js';
import type { Hdf5File, Source } from './hdf5-file.js';
import type { Hdf5Content } from './types.js';

/** Text of UTF-8, or of Latin-1 where it is not that. */
function textOf(bytes: Uint8Array): string {
  const text = strFromU8(bytes);
  return text.includes('\ufffd') ? strFromU8(bytes, true) : text;
}

function fixedText(bytes: Uint8Array, spacePadded: boolean): string {
  const end = bytes.indexOf(0);
  const text = textOf(end < 0 ? bytes : bytes.subarray(0, end));
  return spacePadded ? text.replace(/ +$/, '') : text;
}

/** `bytes` in pieces of `size`. */
function pieces(bytes: Uint8Array, size: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** What a dataset or an attribute holds. */
export function readContent(file: Hdf5File, source: Source): Hdf5Content {
  const { path, attribute } = source;
  const what = attribute === undefined ? `'${path}'` : `the attribute '${attribute}' of '${path}'`;
  const metadata = file.metadata(source, what);
  const type = elementTypeOf(metadata);
  if (type.kind === 'unsupported') return type;
  if (metadata.shape === null) return { kind: 'unsupported', className: 'nothing (a null dataspace)' };
  const { size } = metadata;
  const shape = [...metadata.shape];
  const count = elementCount(shape)!;
  if (type.kind === 'numeric') {
    const data = decodeElements(file.elements(source, metadata, what), type.dtype, true);
    return { kind: 'numeric', dtype: type.dtype, shape: [...shape, ...type.inner], data };
  }
  if (type.kind === 'text' && (type.storage === 'terminated' || type.storage === 'counted')) {
    const texts = file.variableTexts(source, metadata, type.storage === 'counted', what);
    return { kind: 'text', dtype: 'text', shape, data: texts.map(textOf) };
  }
  const elements = pieces(file.elements(source, metadata, what), size, count);
  if (type.kind === 'text') {
    return {
      kind: 'text',
      dtype: 'text',
      shape,
      data: elements.map((element) => fixedText(element, type.storage === 'space-padded')),
    };
  }
  return { kind: 'references', shape, targets: elements.map((reference) => file.pathOf(reference)) };
}

/** What an attribute holds; undefined where the object has none of that name. */
export function readAttribute(file: Hdf5File, path: string, name: string): Hdf5Content | undefined {
  return file.attributeNames(path).includes(name) ? readContent(file, { path, attribute: name }) : undefined;
}

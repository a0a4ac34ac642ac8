import type { Metadata } from 'h5wasm';
import type { DType } from '../types.js';

/** How the elements of a dataset or an attribute are stored. */
export type ElementType =
  | { readonly kind: 'numeric'; readonly dtype: DType; readonly inner: readonly number[] }
  | { readonly kind: 'text'; readonly storage: 'fixed' | 'space-padded' | 'terminated' | 'counted' }
  | { readonly kind: 'reference' }
  | { readonly kind: 'unsupported'; readonly className: string };

/** Numbers of the classes in H5Tpublic.h. */
const INTEGER = 0;
const FLOAT = 1;
const TIME = 2;
const STRING = 3;
const BITFIELD = 4;
const OPAQUE = 5;
const COMPOUND = 6;
const REFERENCE = 7;
const ENUMERATION = 8;
const SEQUENCE = 9;
const ARRAY = 10;

const SPACE_PADDED = 2;
const NAMED_MEMBERS = 6;

const INTEGERS: ReadonlyMap<number, string> = new Map([
  [1, 'int8'],
  [2, 'int16'],
  [4, 'int32'],
  [8, 'int64'],
]);
const FLOATS: ReadonlyMap<number, DType> = new Map([
  [2, 'float16'],
  [4, 'float32'],
  [8, 'float64'],
]);
const CLASS_NAMES: ReadonlyMap<number, string> = new Map([
  [TIME, 'time'],
  [BITFIELD, 'bit field'],
  [OPAQUE, 'opaque bytes'],
]);

const unsupported = (className: string): ElementType => ({ kind: 'unsupported', className });
const numeric = (dtype: DType, inner: readonly number[] = []): ElementType => ({ kind: 'numeric', dtype, inner });

function integerType({ size, signed }: Metadata): ElementType {
  const name = INTEGERS.get(size);
  return name === undefined ? unsupported(`integer of ${size} bytes`) : numeric((signed ? name : `u${name}`) as DType);
}

function floatType({ size }: Metadata): ElementType {
  const dtype = FLOATS.get(size);
  return dtype === undefined ? unsupported(`float of ${size} bytes`) : numeric(dtype);
}

/** h5py and MATLAB keep a complex number as two neighbouring floats. */
function compoundType({ compound_type: compound, size }: Metadata): ElementType {
  const members = compound?.members ?? [];
  const types = members.map(elementTypeOf);
  const [first, second] = types;
  const names = members.map(({ name }) => name).join();
  if (
    (names === 'r,i' || names === 'real,imag') &&
    first?.kind === 'numeric' &&
    second?.kind === 'numeric' &&
    first.dtype === second.dtype &&
    (first.dtype === 'float32' || first.dtype === 'float64') &&
    first.inner.length + second.inner.length === 0 &&
    members[0]!.offset === 0 &&
    members[1]!.offset * 2 === size
  ) {
    return numeric(first.dtype === 'float32' ? 'complex64' : 'complex128');
  }
  const shown = members.slice(0, NAMED_MEMBERS).map(({ name }, i) => `${name}: ${nameOf(types[i]!)}`);
  return unsupported(`compound of ${shown.join(', ')}${members.length > NAMED_MEMBERS ? ', …' : ''}`);
}

function arrayType({ array_type: inside }: Metadata): ElementType {
  const base = inside === undefined ? unsupported('array') : elementTypeOf(inside);
  if (base.kind !== 'numeric') return unsupported(`array of ${nameOf(base)}`);
  return numeric(base.dtype, [...(inside!.shape ?? []), ...base.inner]);
}

function enumerationType(metadata: Metadata): ElementType {
  const members = metadata.enum_type?.members ?? {};
  const boolean = Object.keys(members).length === 2 && members['FALSE'] === 0 && members['TRUE'] === 1;
  return boolean && metadata.size === 1 ? numeric('bool') : integerType(metadata);
}

function nameOf(type: ElementType): string {
  if (type.kind === 'numeric') return type.inner.length === 0 ? type.dtype : `${type.dtype} [${type.inner.join(', ')}]`;
  return type.kind === 'unsupported' ? type.className : type.kind;
}

/** What the elements are, from the library's description of them. */
export function elementTypeOf(metadata: Metadata): ElementType {
  const { type } = metadata;
  if (type === INTEGER) return integerType(metadata);
  if (type === FLOAT) return floatType(metadata);
  if (type === STRING) {
    const fixed = metadata.strpad === SPACE_PADDED ? 'space-padded' : 'fixed';
    return { kind: 'text', storage: metadata.vlen ? 'terminated' : fixed };
  }
  if (type === REFERENCE) {
    return metadata.ref_type === 'object' ? { kind: 'reference' } : unsupported('reference to a region');
  }
  if (type === COMPOUND) return compoundType(metadata);
  if (type === ARRAY) return arrayType(metadata);
  if (type === ENUMERATION) return enumerationType(metadata);
  if (type === SEQUENCE) {
    const inside = metadata.vlen_type;
    if (inside?.type === STRING && inside.size === 1) return { kind: 'text', storage: 'counted' }; // MATLAB's field names
    return unsupported(
      `sequences of varying length of ${inside === undefined ? 'unknown type' : nameOf(elementTypeOf(inside))}`,
    );
  }
  return unsupported(CLASS_NAMES.get(type) ?? `type class ${type}`);
}

import { formatError, nullRecordOf } from '../core/bytes.js';
import { DTYPE_LAYOUTS, elementCount } from '../core/dtypes.js';
import { columnMajorPositions, columnToRowMajor, decodeElements, viewElements } from '../core/elements.js';
import type { Allowance } from '../core/allowance.js';
import type { NumpyArray, PickleValue } from '../types.js';
import type { DtypeSpec, RecordField } from './dtype-spec.js';

/** A text of one character is one that V8 has already. */
const CHARGE_PER_CHARACTER = 8;
const CHARGE_PER_TEXT = 40;
const CHARGE_PER_FIELD = 64;

export interface DecodeOptions {
  readonly operation: string;
  /** Elements stand in Fortran order. */
  readonly columnMajor: boolean;
  readonly allowance: Allowance;
  /** The array may be a view of the bytes, which belong to nobody else. */
  readonly ownBytes?: boolean | undefined;
  /** The elements of an object array; numpy lists them in row-major order whatever the array's own. */
  readonly objects?: readonly PickleValue[] | undefined;
}

/** Items of `size` bytes, brought from column-major to row-major order. */
function reorderItems(bytes: Uint8Array, size: number, shape: readonly number[]): Uint8Array {
  const positions = columnMajorPositions(shape);
  if (positions === undefined) return bytes;
  const result = new Uint8Array(bytes.length);
  positions.forEach((from, to) => result.set(bytes.subarray(from * size, (from + 1) * size), to * size));
  return result;
}

function textAt(view: DataView, start: number, spec: DtypeSpec & { kind: 'text' }): string {
  let text = '';
  let padding = '';
  for (let at = start; at < start + spec.bytes; at += spec.unit) {
    const code = spec.unit === 1 ? view.getUint8(at) : view.getUint32(at, spec.littleEndian);
    if (code === 0) padding += '\0';
    else {
      text += padding + (code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code));
      padding = '';
    }
  }
  return text;
}

/** Bytes of one field, taken out of every record. */
function columnOf(
  bytes: Uint8Array,
  count: number,
  { bytes: recordBytes }: DtypeSpec,
  { offset }: RecordField,
  fieldBytes: number,
): Uint8Array {
  const column = new Uint8Array(count * fieldBytes);
  for (let i = 0; i < count; i++) {
    const start = i * recordBytes + offset;
    column.set(bytes.subarray(start, start + fieldBytes), i * fieldBytes);
  }
  return column;
}

/**
 * The numpy array whose elements stand in `bytes`, in row-major order.
 *
 * @throws FileFormatError if shape, element type and bytes do not fit together
 */
export function decodeArray(
  spec: DtypeSpec,
  shape: readonly number[],
  bytes: Uint8Array,
  options: DecodeOptions,
): NumpyArray {
  const { operation, columnMajor, allowance } = options;
  const count = elementCount(shape);
  if (spec.kind === 'object') {
    const objects = options.objects ?? [];
    if (count !== objects.length) {
      throw formatError(
        operation,
        `an object array of shape [${shape.join(', ')}] does not fit its ${objects.length} objects`,
      );
    }
    allowance.take(8 * count);
    return { dtype: 'object', shape, data: objects };
  }
  if (count === undefined || count * spec.bytes !== bytes.length) {
    throw formatError(
      operation,
      `an array of shape [${shape.join(', ')}] and ${spec.bytes} bytes per element does not fit the ${bytes.length} bytes of data`,
      { expected: count === undefined ? undefined : count * spec.bytes, actual: bytes.length },
    );
  }
  if (spec.kind === 'number') {
    allowance.take(bytes.length);
    const view = options.ownBytes ? viewElements(bytes, spec.dtype, spec.littleEndian) : undefined;
    const data = view ?? decodeElements(bytes, spec.dtype, spec.littleEndian);
    const { parts } = DTYPE_LAYOUTS[spec.dtype];
    return { dtype: spec.dtype, shape, data: columnMajor ? columnToRowMajor(data, shape, parts) : data };
  }
  allowance.take(bytes.length + CHARGE_PER_CHARACTER * count);
  const rows = columnMajor && bytes.length > 0 ? reorderItems(bytes, spec.bytes, shape) : bytes;
  if (spec.kind === 'text') {
    if (spec.bytes > 1) allowance.object(CHARGE_PER_TEXT * count);
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
    return { dtype: 'text', shape, data: Array.from({ length: count }, (_, i) => textAt(view, i * spec.bytes, spec)) };
  }
  const fields = spec.fields.map((field) => {
    const size = field.type.bytes * (elementCount(field.shape) ?? NaN);
    if (!(field.offset >= 0 && field.offset + size <= spec.bytes)) {
      throw formatError(operation, `field ${JSON.stringify(field.name)} does not fit records of ${spec.bytes} bytes`);
    }
    if (field.type.kind === 'object') {
      throw formatError(
        operation,
        `field ${JSON.stringify(field.name)} holds objects, which records are not read with`,
      );
    }
    allowance.take(CHARGE_PER_FIELD + size * count);
    const column = count === 0 ? new Uint8Array() : columnOf(rows, count, spec, field, size);
    const array = decodeArray(field.type, [...shape, ...field.shape], column, { ...options, columnMajor: false });
    return [field.name, array] as const;
  });
  return { dtype: 'record', shape, fields: nullRecordOf(fields) };
}

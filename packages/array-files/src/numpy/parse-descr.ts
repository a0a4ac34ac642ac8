import { formatError } from '../core/bytes.js';
import { elementCount } from '../core/dtypes.js';
import { type DtypeSpec, type RecordField, specOfTypeCode } from './dtype-spec.js';
import type { PythonLiteral } from './python-literal.js';

const MAX_DIMENSIONS = 64;

/** An element type, and the shape of one element where it is an array of them. */
interface Element {
  readonly type: DtypeSpec;
  readonly shape: readonly number[];
}

function sizesOf(shape: PythonLiteral, operation: string): readonly number[] {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  const fits = Array.isArray(sizes) && sizes.length <= MAX_DIMENSIONS && elementCount(sizes as number[]) !== undefined;
  if (!fits) throw formatError(operation, `a field has the shape ${JSON.stringify(shape)}`);
  return sizes as number[];
}

/** A packed record: fields (name, descr) or (name, descr, shape) one after the other, unnamed ones being room between. */
function recordOf(list: readonly PythonLiteral[], operation: string): DtypeSpec {
  const fields: RecordField[] = [];
  let bytes = 0;
  for (const item of list) {
    const [label, descr, own] = Array.isArray(item) ? item : [];
    const name = Array.isArray(label) ? label[1] : label; // (title, name)
    if (typeof name !== 'string' || descr === undefined)
      throw formatError(operation, 'a structured dtype is malformed');
    const room = typeof descr === 'string' ? /^\|V(\d+)$/.exec(descr) : null;
    if (room !== null) {
      bytes += Number(room[1]);
      continue;
    }
    const { type, shape } = parseDescr(descr, operation);
    const whole = [...(own === undefined ? [] : sizesOf(own, operation)), ...shape];
    fields.push({ name, offset: bytes, type, shape: whole });
    bytes += type.bytes * (elementCount(whole) ?? NaN);
  }
  if (!(bytes > 0)) throw formatError(operation, 'a structured dtype has no bytes');
  return { kind: 'record', bytes, fields };
}

/**
 * The element type that `descr` in the header of a .npy file stands for: a type string, a list of fields, or a pair of a
 * type and a shape.
 *
 * @throws FileFormatError that names the type, why it is not read, and what is accepted
 */
export function parseDescr(descr: PythonLiteral | undefined, operation: string): Element {
  if (typeof descr === 'string') {
    const match = /^([<>|=]?)([A-Za-z?]\d*)$/.exec(descr);
    if (match !== null) return { type: specOfTypeCode(match[2]!, match[1] !== '>', operation, descr), shape: [] };
  } else if (Array.isArray(descr) && descr.length === 2 && typeof descr[0] === 'string') {
    const { type } = parseDescr(descr[0], operation);
    return { type, shape: sizesOf(descr[1]!, operation) };
  } else if (Array.isArray(descr) && descr.every((item) => Array.isArray(item))) {
    return { type: recordOf(descr, operation), shape: [] };
  }
  throw formatError(operation, `the array has the dtype ${JSON.stringify(descr ?? null)}, which is malformed`, {
    actual: descr,
  });
}

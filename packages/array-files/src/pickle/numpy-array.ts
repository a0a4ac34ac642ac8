import { OBJECT_BYTES } from '../core/allowance.js';
import { elementCount } from '../core/dtypes.js';
import { decodeArray } from '../numpy/decode-array.js';
import type { DType, NumpyArray, PickleValue } from '../types.js';
import { NumpyDtype } from './numpy-dtype.js';
import {
  bytesOf,
  type Convert,
  integersOf,
  nameOf,
  PyBytes,
  PyObject,
  type PickleContext,
  type PyValue,
} from './py-values.js';

/** Types whose elements JavaScript holds as the file does. */
const isPlainCopy = (dtype: DType): boolean =>
  dtype === 'float64' || dtype === 'float32' || /^u?int(?:8|16|32)$/.test(dtype);

interface ArrayParts {
  readonly shape: PyValue | undefined;
  readonly dtype: PyValue | undefined;
  readonly columnMajor: boolean;
  readonly data: PyValue | undefined;
}

/** A numpy array; its elements are decoded as soon as the pickle hands them over. */
export class NdArray extends PyObject {
  private decoded: NumpyArray | undefined;
  /** The piece of the file that the elements are a copy of. */
  private copied: PyBytes | undefined;
  private objects: ((convert: Convert) => NumpyArray) | undefined;

  /** (version, shape, dtype, is Fortran, data), without the version in old files */
  override build(state: PyValue, context: PickleContext): void {
    if (!Array.isArray(state) || state.length < 4 || state.length > 5) {
      return context.fail(`an array has the state ${nameOf(state)}`);
    }
    const [shape, dtype, columnMajor, data] = state.slice(-4);
    this.fill({ shape, dtype, columnMajor: columnMajor === true || columnMajor === 1, data }, context);
  }

  fill({ shape, dtype, columnMajor, data }: ArrayParts, context: PickleContext): void {
    context.object(OBJECT_BYTES.array);
    const sizes = integersOf(shape);
    if (sizes === undefined || elementCount(sizes) === undefined) {
      return context.fail(`an array has the shape ${sizes === undefined ? nameOf(shape) : `[${sizes.join(', ')}]`}`);
    }
    if (!(dtype instanceof NumpyDtype)) return context.fail(`an array has the dtype ${nameOf(dtype)}`);
    const { spec, shape: inner } = dtype.element(context);
    const whole = [...sizes, ...inner];
    const { operation } = context;
    if (spec.kind === 'object') {
      if (!Array.isArray(data)) return context.fail(`an object array has ${nameOf(data)} for its elements`);
      if (elementCount(whole) !== data.length) {
        return context.fail(`an object array of shape [${whole.join(', ')}] does not fit its ${data.length} objects`);
      }
      this.objects = (convert) => {
        const objects = convert(data) as readonly PickleValue[];
        return decodeArray(spec, whole, new Uint8Array(), { operation, columnMajor, allowance: context, objects });
      };
      return;
    }
    const bytes = bytesOf(data);
    if (bytes === undefined) return context.fail(`an array has ${nameOf(data)} for its data`);
    if ((elementCount(whole) ?? NaN) * spec.bytes !== bytes.length) {
      return context.fail(
        `an array of shape [${whole.join(', ')}] and ${spec.bytes} bytes per element does not fit the ${bytes.length} bytes of its data`,
      );
    }
    this.decoded = decodeArray(spec, whole, bytes, { operation, columnMajor, allowance: context });
    const isCopy = spec.kind === 'number' && spec.littleEndian && !columnMajor && isPlainCopy(spec.dtype);
    this.copied = isCopy && data instanceof PyBytes ? data : undefined;
  }

  /** The place in the file of the elements, if these are nothing but a copy of its bytes and nothing else is made of those. */
  placeIn(file: Uint8Array, context: PickleContext): number | undefined {
    return this.copied === undefined || context.isShared(this.copied) ? undefined : this.copied.placeIn(file);
  }

  /** The array, unless it holds objects or has none of its elements yet. */
  array(context: PickleContext): NumpyArray {
    return this.decoded ?? context.fail('an array has no elements, or objects where numbers are wanted');
  }

  override plain(convert: Convert, context: PickleContext): PickleValue {
    return this.objects === undefined ? this.array(context) : this.objects(convert);
  }
}

import { OBJECT_BYTES } from '../core/allowance.js';
import { DTYPE_LAYOUTS, elementCount } from '../core/dtypes.js';
import { decodeElements } from '../core/elements.js';
import { isRowMajor, walkStrided } from '../core/strides.js';
import { PyDict, PyObject, type PickleContext, type PyValue } from '../pickle/py-values.js';
import type { DType, PlainArray } from '../types.js';
import type { TorchStorage } from './torch-storage.js';

export interface TensorView {
  readonly storage: TorchStorage;
  readonly dtype: DType;
  /** elements from the start of the storage to the first one of the tensor */
  readonly offset: number;
  readonly shape: readonly number[];
  /** elements from one index to the next, per axis */
  readonly strides: readonly number[];
}

/** Byte order of a checkpoint, known only when all of it has been read. */
export interface ByteOrder {
  littleEndian: boolean;
}

/** Elements of a strided view, one after the other. */
function gather(bytes: Uint8Array, size: number, { offset, shape, strides }: TensorView, count: number): Uint8Array {
  const result = new Uint8Array(count * size);
  walkStrided(shape, strides, offset, (position, i) => {
    for (let byte = 0; byte < size; byte++) result[i * size + byte] = bytes[position * size + byte]!;
  });
  return result;
}

/** A tensor: a strided view of a storage. */
export class TorchTensor extends PyObject {
  constructor(
    readonly view: TensorView,
    private readonly order: ByteOrder,
  ) {
    super();
  }

  /** Attributes that Python code has hung on a tensor. */
  override build(state: PyValue, context: PickleContext): void {
    if (!(state instanceof PyDict)) context.fail('a tensor is given a state that is no dict');
  }

  override plain(_convert: unknown, context: PickleContext): PlainArray {
    const { storage, dtype, offset, shape, strides } = this.view;
    const count = elementCount(shape);
    const size = DTYPE_LAYOUTS[dtype].bytes;
    if (count === undefined) return context.fail(`a tensor has the shape [${shape.join(', ')}]`);
    context.object(OBJECT_BYTES.array);
    context.take(count * size);
    const bytes = storage.bytes(context);
    const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, offset);
    if (count > 0 && !(offset >= 0 && strides.every((stride) => stride >= 0) && (last + 1) * size <= bytes.length)) {
      return context.fail(
        `a tensor of shape [${shape.join(', ')}], strides [${strides.join(', ')}] and offset ${offset} does not fit storage ` +
          `${JSON.stringify(storage.key)} of ${bytes.length} bytes`,
      );
    }
    const elements =
      count > 0 && !isRowMajor(shape, strides)
        ? gather(bytes, size, this.view, count)
        : bytes.subarray(offset * size, (offset + count) * size);
    return {
      dtype,
      shape,
      data: decodeElements(count > 0 ? elements : new Uint8Array(), dtype, this.order.littleEndian),
    };
  }
}

import type { DType } from '../types.js';
import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import { PyObject, type PickleContext } from '../pickle/py-values.js';

/** Element type of each storage class of PyTorch; null where the tensor says it. */
export const DTYPE_OF_STORAGE: Readonly<Record<string, DType | null>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  UntypedStorage: null,
  _UntypedStorage: null,
};

/** Names of element types, `torch.float32`, `torch.half`, … */
export const DTYPE_OF_TORCH: Readonly<Record<string, DType>> = {
  float64: 'float64',
  float32: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  int32: 'int32',
  int16: 'int16',
  int8: 'int8',
  uint64: 'uint64',
  uint32: 'uint32',
  uint16: 'uint16',
  uint8: 'uint8',
  bool: 'bool',
  complex64: 'complex64',
  complex128: 'complex128',
};

/** The memory that tensors are views of. Legacy files bring its bytes after the tensors. */
export class TorchStorage extends PyObject {
  private contents: Uint8Array | undefined;

  constructor(
    readonly key: string,
    /** null: raw bytes */
    readonly dtype: DType | null,
    /** elements, or bytes where there is no dtype */
    readonly count: number,
    private readonly load: (() => Uint8Array) | undefined,
  ) {
    super();
  }

  get byteCount(): number {
    return this.count * (this.dtype === null ? 1 : DTYPE_LAYOUTS[this.dtype].bytes);
  }

  fill(bytes: Uint8Array): void {
    this.contents = bytes;
  }

  bytes(context: PickleContext): Uint8Array {
    this.contents ??= this.load?.();
    if (this.contents === undefined) return context.fail(`storage ${JSON.stringify(this.key)} has no data in the file`);
    if (this.contents.length < this.byteCount) {
      return context.fail(
        `storage ${JSON.stringify(this.key)} is declared ${this.byteCount} bytes long, the file has ${this.contents.length}`,
      );
    }
    return this.contents;
  }

  override build(_state: unknown, context: PickleContext): void {
    context.fail('a storage is given a state');
  }

  override plain(_convert: unknown, context: PickleContext): never {
    return context.fail('the contents hold a storage itself, accepted are tensors');
  }
}

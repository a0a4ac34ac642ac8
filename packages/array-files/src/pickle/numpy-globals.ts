import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import { globalNamed } from './builtin-globals.js';
import { NdArray } from './numpy-array.js';
import { NumpyDtype } from './numpy-dtype.js';
import { isGlobal, nameOf, PyConstant, type PyGlobal, textOf } from './py-values.js';
import { wholeNumber } from './text-operands.js';

type Call = NonNullable<PyGlobal['call']>;

const makeDtype: Call = ([code], context) => {
  const text = textOf(code);
  if (text === undefined) return context.fail(`a dtype is made from ${nameOf(code)}`);
  const match = /^([<>=|]?)([A-Za-z?]\d*)$/.exec(text);
  return match === null ? context.fail(`a dtype is made from ${JSON.stringify(text)}`) : new NumpyDtype(match[2]!);
};

/** `_reconstruct(ndarray, (0,), 'b')`: an array that gets its elements by a state. */
const makeEmptyArray: Call = ([type], context) => {
  return isGlobal(type) && type.name === 'numpy.ndarray'
    ? new NdArray()
    : context.fail(`an array of the class ${nameOf(type)} is made`);
};

/** `_frombuffer(data, dtype, shape, order)`, which protocol 5 writes. */
const makeFromBuffer: Call = ([data, dtype, shape, order], context) => {
  const array = new NdArray();
  array.fill({ data, dtype, shape, columnMajor: textOf(order) === 'F' }, context);
  return array;
};

/** `scalar(dtype, bytes)`. */
const makeScalar: Call = ([dtype, data], context) => {
  if (dtype instanceof NumpyDtype && dtype.code.startsWith('O')) return data ?? null;
  const holder = new NdArray();
  holder.fill({ data, dtype, shape: [], columnMajor: false }, context);
  const array = holder.array(context);
  if (array.dtype === 'text') return array.data[0]!;
  if (array.dtype === 'record' || array.dtype === 'object') return new PyConstant(array);
  const [first, second] = array.data;
  if (array.data.length !== DTYPE_LAYOUTS[array.dtype].parts || array.shape.length > 0) return new PyConstant(array);
  if (array.dtype === 'bool') return first === 1;
  if (second !== undefined) return new PyConstant({ re: Number(first), im: Number(second) });
  return typeof first === 'bigint' ? wholeNumber(first) : first!;
};

const MULTIARRAY_MODULES = ['numpy.core.multiarray', 'numpy._core.multiarray', 'multiarray', 'numpy.multiarray'];
const NUMERIC_MODULES = ['numpy.core.numeric', 'numpy._core.numeric'];

/** Arrays, dtypes and scalars of numpy, under every name their module has had. */
export function findNumpy(module: string, name: string): PyGlobal | undefined {
  const isMultiarray = MULTIARRAY_MODULES.includes(module);
  if (name === 'ndarray' && (module === 'numpy' || isMultiarray)) return globalNamed('numpy', name);
  if (name === 'dtype' && (module === 'numpy' || isMultiarray)) return globalNamed(module, name, makeDtype);
  if (name === '_reconstruct' && isMultiarray) return globalNamed(module, name, makeEmptyArray);
  if (name === 'scalar' && isMultiarray) return globalNamed(module, name, makeScalar);
  if (name === '_frombuffer' && NUMERIC_MODULES.includes(module)) return globalNamed(module, name, makeFromBuffer);
  return undefined;
}

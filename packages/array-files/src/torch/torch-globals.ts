import { findBuiltin, globalNamed } from '../pickle/builtin-globals.js';
import { findNumpy } from '../pickle/numpy-globals.js';
import {
  integersOf,
  isGlobal,
  nameOf,
  PyDict,
  type PickleContext,
  type PyGlobal,
  type PyValue,
  textOf,
} from '../pickle/py-values.js';
import type { PickleEnvironment } from '../pickle/unpickle-options.js';
import { DTYPE_OF_STORAGE, DTYPE_OF_TORCH, TorchStorage } from './torch-storage.js';
import { type ByteOrder, TorchTensor } from './torch-tensor.js';

type Call = NonNullable<PyGlobal['call']>;

/** `_rebuild_tensor(storage, offset, size, stride)`, the first four arguments of its later versions too. */
function rebuildTensor(
  args: readonly PyValue[],
  dtypeArgument: PyValue | undefined,
  order: ByteOrder,
  context: PickleContext,
) {
  const [storage, offset, size, stride] = args;
  if (!(storage instanceof TorchStorage)) return context.fail(`a tensor is made over ${nameOf(storage)}`);
  const name = isGlobal(dtypeArgument) ? /^torch\.(\w+)$/.exec(dtypeArgument.name)?.[1] : undefined;
  const dtype = (name === undefined ? undefined : DTYPE_OF_TORCH[name]) ?? storage.dtype ?? 'uint8';
  const shape = integersOf(size);
  const strides = integersOf(stride);
  if (
    typeof offset !== 'number' ||
    !Number.isSafeInteger(offset) ||
    shape?.length !== strides?.length ||
    shape === undefined ||
    strides === undefined
  ) {
    return context.fail('a tensor has a malformed offset, size or stride');
  }
  return new TorchTensor({ storage, dtype, offset, shape, strides }, order);
}

/** Conjugation and negation that are only noted beside the numbers are not carried out. */
function refuseNotes(metadata: PyValue | undefined, context: PickleContext): void {
  if (metadata instanceof PyDict && metadata.size > 0)
    context.fail('a tensor is noted as conjugated or negated, not stored so');
}

function utilities(order: ByteOrder): Readonly<Record<string, Call>> {
  return {
    _rebuild_tensor: (args, context) => rebuildTensor(args, undefined, order, context),
    _rebuild_tensor_v2: (args, context) => {
      refuseNotes(args[6], context);
      return rebuildTensor(args, undefined, order, context);
    },
    _rebuild_tensor_v3: (args, context) => {
      refuseNotes(args[7], context);
      return rebuildTensor(args, args[6], order, context);
    },
    _rebuild_parameter: ([data], context) => data ?? context.fail('a parameter has no data'),
    _rebuild_parameter_with_state: ([data], context) => data ?? context.fail('a parameter has no data'),
  };
}

/** `_rebuild_from_type_v2(function, class, args, state)`: a tensor on which attributes have been hung. */
const rebuildFromType: Call = ([callee, type, args], context) => {
  const known = isGlobal(type) && (type.name === 'torch.Tensor' || type.name === 'torch.nn.parameter.Parameter');
  if (!known || !isGlobal(callee) || callee.call === undefined || !Array.isArray(args)) {
    return context.fail(`a tensor of the class ${nameOf(type)} is made`);
  }
  return callee.call(args, context);
};

const counter: Call = ([counts], context) => {
  if (counts === undefined) return new PyDict();
  return counts instanceof PyDict ? counts : context.fail(`a Counter is made from ${nameOf(counts)}`);
};

function findTorch(module: string, name: string, order: ByteOrder): PyGlobal | undefined {
  const own = (table: object): boolean => Object.hasOwn(table, name);
  if (module === 'torch._utils') {
    const table = utilities(order);
    return own(table) ? globalNamed(module, name, table[name]) : undefined;
  }
  if (module === 'torch' || module === 'torch.storage' || module === 'torch.cuda') {
    if (own(DTYPE_OF_STORAGE)) return globalNamed(module, name);
  }
  if (module === 'torch') {
    if (own(DTYPE_OF_TORCH)) return { ...globalNamed(module, name), plain: name };
    if (name === 'Tensor') return globalNamed(module, name);
    if (name === 'Size') return globalNamed(module, name, ([sizes]) => sizes ?? []);
    if (name === 'device') {
      return globalNamed(module, name, (parts) =>
        parts.map((part) => textOf(part) ?? String(part as number)).join(':'),
      );
    }
  }
  if (module === 'torch.nn.parameter' && name === 'Parameter') return globalNamed(module, name);
  if (module === 'torch._tensor' && name === '_rebuild_from_type_v2') return globalNamed(module, name, rebuildFromType);
  return module === 'collections' && name === 'Counter' ? globalNamed(module, name, counter) : undefined;
}

/** The element type of a storage class; undefined where it is none. */
export function storageDtype(type: PyValue | undefined) {
  const name = isGlobal(type) ? /^torch(?:\.storage|\.cuda)?\.(\w+)$/.exec(type.name)?.[1] : undefined;
  return name !== undefined && Object.hasOwn(DTYPE_OF_STORAGE, name) ? DTYPE_OF_STORAGE[name] : undefined;
}

/** What a checkpoint may name: tensors, numpy arrays and plain containers. */
export function torchEnvironment(order: ByteOrder, persistent: PickleEnvironment['persistent']): PickleEnvironment {
  return {
    find: (module, name) => findTorch(module, name, order) ?? findNumpy(module, name) ?? findBuiltin(module, name),
    accepted: 'dense tensors of torch, numpy arrays, OrderedDict, Counter, set and complex',
    ...(persistent === undefined ? {} : { persistent }),
  };
}

import type { Allowance } from '../core/allowance.js';
import { formatError, viewOf } from '../core/bytes.js';
import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import { PyDict, type PickleContext, type PyValue, textOf } from '../pickle/py-values.js';
import { type PlainOptions, toPlain } from '../pickle/to-plain.js';
import { unpickle } from '../pickle/unpickle.js';
import type { PickleValue } from '../types.js';
import { storageDtype, torchEnvironment } from './torch-globals.js';
import { TorchStorage } from './torch-storage.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** A storage that is a piece of another: (key, first element, elements). */
function pieceOf(root: TorchStorage, piece: PyValue, context: PickleContext): TorchStorage {
  const [key, first, count] = Array.isArray(piece) ? piece : [];
  if (typeof first !== 'number' || typeof count !== 'number' || root.dtype === null || !(first >= 0) || !(count >= 0)) {
    return context.fail('a storage is a malformed piece of another');
  }
  const size = DTYPE_LAYOUTS[root.dtype].bytes;
  return new TorchStorage(textOf(key) ?? '', root.dtype, count, () =>
    root.bytes(context).subarray(first * size, (first + count) * size),
  );
}

/**
 * A checkpoint as PyTorch wrote it before 1.6: five pickles one after the other (magic number, version, system, contents,
 * keys of the storages) and then each storage, its number of elements before it.
 */
export function readTorchLegacy(
  bytes: Uint8Array,
  operation: string,
  allowance: Allowance,
  options: PlainOptions,
): PickleValue {
  const order = { littleEndian: true };
  const storages = new Map<string, TorchStorage>();
  const environment = torchEnvironment(order, (id, context) => {
    const [kind, type, key, , count, piece] = Array.isArray(id) ? id : [];
    const dtype = storageDtype(type);
    const name = textOf(key) ?? (typeof key === 'number' ? String(key) : undefined);
    if (textOf(kind) !== 'storage' || dtype === undefined || name === undefined || typeof count !== 'number') {
      return context.fail('the checkpoint names something that is no storage');
    }
    const root = storages.get(name) ?? new TorchStorage(name, dtype, count, undefined);
    storages.set(name, root);
    return piece === undefined || piece === null ? root : pieceOf(root, piece, context);
  });

  let position = 0;
  const next = () => {
    const { value, end, context } = unpickle(bytes, { operation, allowance, environment, start: position });
    position = end;
    return { value, context };
  };
  if (next().value !== MAGIC || next().value !== PROTOCOL) {
    throw formatError(operation, `the file has not the magic number and version ${PROTOCOL} of a legacy checkpoint`, {
      expected: PROTOCOL,
    });
  }
  const system = next().value;
  if (system instanceof PyDict) order.littleEndian = system.get('little_endian') !== false;
  const { value, context } = next();
  const keys = next().value;
  if (!Array.isArray(keys)) throw formatError(operation, 'the keys of the storages are no list');
  const view = viewOf(bytes);
  for (const key of keys) {
    const name = textOf(key) ?? String(typeof key === 'number' ? key : '');
    const storage = storages.get(name);
    if (storage === undefined)
      throw formatError(operation, `there is data for storage ${JSON.stringify(name)}, which nothing uses`);
    if (position + 8 > bytes.length)
      throw formatError(operation, `the file ends before storage ${JSON.stringify(name)}`);
    const count = Number(view.getBigInt64(position, order.littleEndian));
    position += 8;
    if (count !== storage.count || position + storage.byteCount > bytes.length) {
      throw formatError(
        operation,
        `storage ${JSON.stringify(name)} is declared ${storage.count} and then ${count} elements long, the file has ${bytes.length - position} bytes left`,
      );
    }
    storage.fill(bytes.subarray(position, position + storage.byteCount));
    position += storage.byteCount;
  }
  return toPlain(value, context, bytes.length, options);
}

import type { Allowance } from '../core/allowance.js';
import { formatError } from '../core/bytes.js';
import { type PyValue, textOf } from '../pickle/py-values.js';
import { type PlainOptions, toPlain } from '../pickle/to-plain.js';
import { unpickle } from '../pickle/unpickle.js';
import { latin1 } from '../pickle/py-values.js';
import type { PickleValue } from '../types.js';
import { readZip, totalSize } from '../zip/read-zip.js';
import { storageDtype, torchEnvironment } from './torch-globals.js';
import { TorchStorage } from './torch-storage.js';

/** A checkpoint as PyTorch 1.6 and later write it: a ZIP archive of `data.pkl` and one entry for each storage. */
export function readTorchZip(
  bytes: Uint8Array,
  operation: string,
  allowance: Allowance,
  options: PlainOptions & { readonly maxBytes: number },
): PickleValue {
  const archive = readZip(bytes, operation);
  const pickles = archive.filter(({ name }) => /(^|\/)data\.pkl$/.test(name));
  const [main] = pickles;
  if (main === undefined || pickles.length > 1) {
    throw formatError(operation, `the archive has ${pickles.length} entries data.pkl, expected one`);
  }
  totalSize(archive, options.maxBytes, operation);
  const prefix = main.name.slice(0, -'data.pkl'.length);
  const entries = new Map(archive.map((entry) => [entry.name, entry]));
  const byteOrder = entries.get(`${prefix}byteorder`);
  const order = { littleEndian: byteOrder === undefined || latin1(byteOrder.read()) !== 'big' };
  const storages = new Map<string, TorchStorage>();

  const environment = torchEnvironment(order, (id: PyValue, context) => {
    const [kind, type, key, , count] = Array.isArray(id) ? id : [];
    const dtype = storageDtype(type);
    const name = textOf(key);
    if (textOf(kind) !== 'storage' || dtype === undefined || name === undefined || typeof count !== 'number') {
      return context.fail('the checkpoint names something that is no storage');
    }
    const known = storages.get(name);
    if (known !== undefined) return known;
    const entry = entries.get(`${prefix}data/${name}`);
    const storage = new TorchStorage(name, dtype, count, entry === undefined ? undefined : () => entry.read());
    storages.set(name, storage);
    return storage;
  });
  const contents = main.read();
  const { value, context } = unpickle(contents, { operation, allowance, environment });
  return toPlain(value, context, bytes.length, options);
}

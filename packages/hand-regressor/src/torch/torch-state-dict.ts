import { FileFormatError } from '@opposable/tensor-checks';

/** Parameters as PyTorch names and shapes them. */
export interface TorchTensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}
export type TorchStateDict = ReadonlyMap<string, TorchTensor>;

/** Where training programs keep the state dict within a checkpoint. */
const PLACES = ['state_dict', 'model_state_dict', 'model', 'network', 'net', 'weights', 'tensors'];

function isTensor(value: unknown): value is TorchTensor {
  const tensor = value as Partial<TorchTensor> | null;
  return (
    typeof tensor === 'object' &&
    tensor !== null &&
    Array.isArray(tensor.shape) &&
    ArrayBuffer.isView(tensor.data) &&
    !(tensor.data instanceof DataView) &&
    !(tensor.data instanceof BigInt64Array) &&
    !(tensor.data instanceof BigUint64Array)
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Array.isArray(value)) return [];
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].map(([key, item]) => [String(key), item]);
  return Object.entries(value);
}

/**
 * The named tensors of a checkpoint that `readTorchCheckpoint` or `readSafetensors` of `@opposable/array-files` read: at its
 * root, or under one of the keys that training programs use. The prefix `module.` of data-parallel training is removed.
 *
 * @throws FileFormatError if there are none
 */
export function torchStateDict(contents: unknown): TorchStateDict {
  const root = entriesOf(contents);
  const inner = PLACES.map((place) => entriesOf(root.find(([key]) => key === place)?.[1]));
  for (const entries of [root, ...inner]) {
    const tensors = entries.filter((entry): entry is [string, TorchTensor] => isTensor(entry[1]));
    if (tensors.length > 0) return new Map(tensors.map(([name, tensor]) => [name.replace(/^(module\.)+/, ''), tensor]));
  }
  const found = root.map(([key]) => key).slice(0, 5);
  throw new FileFormatError(
    `torchStateDict: expected named tensors, at the root or under ${PLACES.join(', ')}, found ${found.length === 0 ? 'none' : `only ${found.join(', ')}`}.`,
    { expected: PLACES, actual: found },
  );
}

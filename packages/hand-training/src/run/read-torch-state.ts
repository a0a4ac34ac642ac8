import type { ArrayFile } from '@opposable/array-files';
import { readArrays } from '@opposable/array-files/node';
import { type TorchStateDict, torchStateDict } from '@opposable/hand-regressor';
import { FileFormatError, OpposableError } from '@opposable/tensor-checks';

/** Tensors with PyTorch's names, and what stands beside them. @throws FileFormatError naming the file */
export async function readTorchState(path: string): Promise<{ state: TorchStateDict; file: ArrayFile }> {
  return naming(path, async () => {
    const file = await readArrays(path);
    return { state: torchStateDict(file.contents), file };
  });
}

/** The result, or an error about the file as a FileFormatError that names it. */
export async function naming<T>(path: string, run: () => Promise<T> | T): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OpposableError) || error.message.includes(path)) throw error;
    throw new FileFormatError(`${path}: ${error.message}`, { expected: error.expected, actual: error.actual });
  }
}

import { datasetError } from '../dataset-error.js';

/** Contents of a JSON file: text, or its bytes in UTF-8. */
export type PreparedText = string | Uint8Array;

/** The largest JSON file that is parsed in one piece, in bytes: about 100,000 samples. */
export const PREPARED_TEXT_LIMIT = 256 * 2 ** 20;

/**
 * Checks that a JSON file of a prepared dataset is not too large to be parsed in one piece. For those who have not read it
 * yet; `parsePreparedInfo` and `parsePreparedSplit` check it too.
 *
 * @param bytes its size
 * @param file its name, for messages
 * @throws DatasetError
 */
export function checkPreparedSize(bytes: number, file: string, operation = 'checkPreparedSize'): void {
  if (bytes <= PREPARED_TEXT_LIMIT) return;
  const mebibytes = (size: number): number => Math.ceil(size / 2 ** 20);
  throw datasetError(
    operation,
    `expected ${file} to have at most ${mebibytes(PREPARED_TEXT_LIMIT)} MiB, got ${mebibytes(bytes)} MiB; ` +
      `openPreparedDataset of @opposable/hand-datasets/node opens larger ones`,
    { expected: PREPARED_TEXT_LIMIT, actual: bytes },
  );
}

/** The text of a file's contents. @throws DatasetError if it is too large or not UTF-8 */
export function decodePreparedText(content: PreparedText, file: string, operation: string): string {
  checkPreparedSize(content.length, file, operation);
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (cause) {
    throw datasetError(operation, `${file} is not JSON (it is no text in UTF-8)`, { cause });
  }
}

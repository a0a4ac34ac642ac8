import type { z } from 'zod';
import { datasetError } from '../dataset-error.js';

/** `annotations[17].keypoints` for a zod path. */
function describePath(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');
}

/**
 * JSON text as a schema has it.
 *
 * @param text contents of the file
 * @param file name for messages
 * @throws DatasetError naming the file, the record and the key of the first problem, and how many there are
 */
export function parseJson<T>(text: string, schema: z.ZodType<T>, file: string, operation: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw datasetError(operation, `${file} is not JSON (${(cause as Error).message})`, { cause });
  }
  return checkJson(value, schema, file, operation);
}

/**
 * A value of a JSON file as a schema has it.
 *
 * @param keys where in the file the value stands
 * @throws DatasetError naming the file, the record and the key of the first problem, and how many there are
 */
export function checkJson<T>(
  value: unknown,
  schema: z.ZodType<T>,
  file: string,
  operation: string,
  keys: readonly (string | number)[] = [],
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const first = issues[0]!;
  const path = [...keys, ...first.path];
  const where = path.length === 0 ? 'at its top level' : `at ${describePath(path)}`;
  const more = issues.length > 1 ? ` and ${issues.length - 1} more problems` : '';
  throw datasetError(operation, `${file} is not a prepared dataset's: ${where}, ${first.message}${more}`, {
    expected: first.message,
    actual: path,
  });
}

import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '@opposable/tensor-checks';

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const path = issue.path.map(String).join('.') || 'the configuration';
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (issue.path.length > 0 ? `${path}.${key}` : key)).join(', ');
    return `unknown key ${keys}`;
  }
  const value = valueAt(root, issue.path);
  const found = value === undefined ? 'it is missing' : `got ${JSON.stringify(value)}`;
  return `${path}: ${issue.message}, ${found}`;
}

/**
 * Reads a YAML file and checks it against a schema.
 *
 * @throws ConfigError naming the file, the key, the value and what is accepted
 */
export async function loadConfig<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      `${path}: cannot be read as a configuration file (${(cause as NodeJS.ErrnoException).code}).`,
      {
        expected: 'a readable YAML file',
        actual: path,
        cause,
      },
    );
  }
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [firstLine] = broken.message.split('\n');
    throw new ConfigError(`${path}: not valid YAML: ${firstLine}`, { expected: 'YAML', actual: path, cause: broken });
  }
  const raw: unknown = document.toJS();
  const result = schema.safeParse(raw);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => describe(issue, raw)).join('; ');
    throw new ConfigError(`${path}: ${problems}.`, { expected: 'see apps/trainer/configs', actual: raw });
  }
  return result.data;
}

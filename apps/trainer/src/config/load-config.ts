import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '@opposable/tensor-checks';
import { describeIssue } from './describe-issue.js';

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
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new ConfigError(`${path}: expected a configuration file in YAML that can be read, but ${reason}.`, {
      expected: 'a readable YAML file',
      actual: path,
      cause,
    });
  }
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) {
    const firstLine = broken.message.split('\n')[0]!.replace(/:$/, '');
    throw new ConfigError(`${path}: not valid YAML: ${firstLine}.`, { expected: 'YAML', actual: path, cause: broken });
  }
  const raw: unknown = document.toJS();
  const result = schema.safeParse(raw);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => describeIssue(issue, schema, raw)).join('; ');
    throw new ConfigError(`${path}: ${problems}.`, { expected: 'see apps/trainer/configs', actual: raw });
  }
  return result.data;
}

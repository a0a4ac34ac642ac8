import { createRequire } from 'node:module';
import { InvalidArgumentError, Option } from 'commander';
import type * as Yaml from 'yaml';

/** Options of a reader as `--reader-option` collects them. */
export type ReaderOptionValues = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);

/** Loads YAML where an option has such a value: the command line waits for no promise while it takes its words. */
function parseYaml(text: string): unknown {
  const { parse } = require('yaml') as typeof Yaml;
  return parse(text, { logLevel: 'error' });
}

/** key=value, where the value is YAML: a word, a number, true, or a list such as [bb-left, sk-color]. */
function addReaderOption(text: string, previous: ReaderOptionValues | undefined): ReaderOptionValues {
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(0, equals)).trim();
  if (!/^[A-Za-z]\w*$/.test(key)) {
    throw new InvalidArgumentError('Expected key=value, for example split=test or cameras=[bb-left, sk-color].');
  }
  if (previous !== undefined && Object.hasOwn(previous, key)) {
    throw new InvalidArgumentError(`Expected every option once, got ${key} again.`);
  }
  try {
    return { ...previous, [key]: parseYaml(text.slice(equals + 1)) };
  } catch {
    throw new InvalidArgumentError(`Expected the value of ${key} as YAML, for example test or [bb-left, sk-color].`);
  }
}

/** `--reader-option key=value`, as often as wanted; the reader itself says what it accepts. */
export function readerOptionFlag(): Option {
  return new Option(
    '--reader-option <key=value>',
    'an option of the reader, as often as wanted, for example split=test or "cameras=[bb-left, sk-color]"',
  ).argParser(addReaderOption);
}

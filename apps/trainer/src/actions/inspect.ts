import { describeArrays } from '@opposable/array-files';
import type { Flags } from '../commands/inspect.js';
import { printDescription } from '../inspect/print-description.js';
import { readInput } from '../inspect/read-input.js';
import { recognise } from '../inspect/recognise.js';
import { bytesText } from '../options.js';

/** What `opposable inspect FILE` does. */
export async function inspectAction(file: string, { json, members }: Flags): Promise<void> {
  const input = await readInput(file);
  const looksLike = await recognise(input);
  const { path, format, bytes, metadata } = input;
  const description = describeArrays(input.contents, { maxMembers: json ? 100_000 : members });
  if (json) {
    const facts = { file: path, format, bytes: bytes.length, looksLike: looksLike ?? null, metadata };
    process.stdout.write(`${JSON.stringify({ ...facts, contents: description }, null, 2)}\n`);
    return;
  }
  const lines = [`${path}: ${format}, ${bytesText(bytes.length)}`];
  if (looksLike !== undefined) lines.push(`Looks like: ${looksLike}`);
  if (Object.keys(metadata).length > 0) {
    const kept = describeArrays(metadata, { maxMembers: members });
    lines.push('', 'Metadata', ...printDescription(kept, members));
  }
  lines.push('', 'Contents', ...printDescription(description, members));
  process.stdout.write(`${lines.join('\n')}\n`);
}

import { Command } from 'commander';
import { describeArrays } from '@opposable/array-files';
import { printDescription } from '../inspect/print-description.js';
import { readInput } from '../inspect/read-input.js';
import { recognise } from '../inspect/recognise.js';
import { bytesText, wholeNumber } from '../options.js';

interface Flags {
  json?: boolean;
  members: number;
}

/** opposable inspect FILE */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Print what a file holds: its tree, shapes, types and ranges, and what it looks like.')
    .argument('<file>', 'pickle, npy, npz, PyTorch, safetensors, MAT, HDF5 or JSON; a prepared dataset or a run')
    .option('--json', 'print one JSON object')
    .option('--members <n>', 'members shown of one group or list', wholeNumber(1), 40)
    .action(async (file: string, { json, members }: Flags) => {
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
    });
}

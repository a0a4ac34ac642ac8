import { extname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Flags {
  dtype: 'keep' | 'float32';
  compress?: boolean;
  drop: string[];
}

const FORMATS = ['.npz', '.safetensors'];

function outFile(text: string): string {
  if (FORMATS.includes(extname(text).toLowerCase())) return text;
  throw new InvalidArgumentError(`Expected a file name that ends in ${FORMATS.join(' or ')}.`);
}

/** opposable convert IN OUT.npz|.safetensors */
export function convertCommand(): Command {
  return new Command('convert')
    .description('Rewrite the arrays of a file as .npz or .safetensors, which any later load reads in milliseconds.')
    .argument('<in>', 'pickle, npy, npz, PyTorch, safetensors, MAT, HDF5 or JSON')
    .argument('<out>', 'file to write: .npz or .safetensors', outFile)
    .addOption(new Option('--dtype <dtype>', 'float32 halves float64').choices(['keep', 'float32']).default('keep'))
    .option('--compress', 'deflate the .npz')
    .option('--drop <names...>', 'leave these out', [])
    .action(async (file: string, out: string, flags: Flags) =>
      (await import('../actions/convert.js')).convertAction(file, out, flags),
    );
}

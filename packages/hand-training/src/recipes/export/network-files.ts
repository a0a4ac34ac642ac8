import { basename, extname } from 'node:path';

/** What the name of a file of a network may be. */
export const NETWORK_FILES = ['model.json', '.safetensors', '.onnx'] as const;

/** Whether the name of a file is that of a network, not of a mesh. */
export function isNetworkFile(out: string): boolean {
  return basename(out) === 'model.json' || ['.safetensors', '.onnx'].includes(extname(out).toLowerCase());
}

import { Option } from 'commander';
import { BACKENDS, type BackendName } from '@opposable/hand-training/choices';

export interface BackendFlag {
  backend: BackendName;
}

/** --backend, the same for every command that computes. */
export function backendOption(): Option {
  return new Option('--backend <name>', 'what computes').choices([...BACKENDS]).default('auto');
}

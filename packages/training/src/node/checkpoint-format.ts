export const CHECKPOINT_FORMAT = 'opposable-checkpoint-1';

export const CHECKPOINT_FILES = {
  weights: 'weights.safetensors',
  optimizer: 'optimizer.safetensors',
  state: 'state.json',
} as const;

/** Between slot and variable in the names of optimizer.safetensors. */
export const SLOT_SEPARATOR = ':';

/** Contents of state.json. */
export interface CheckpointManifest {
  format: string;
  /** Updates that the optimiser has made; `null` without one. */
  optimizerStep: number | null;
  sha256: Record<string, string>;
  state: unknown;
}

/** Where the checkpoint that is being replaced stands for a moment. */
export function previousOf(folder: string): string {
  return `${folder}.previous`;
}

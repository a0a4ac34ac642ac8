import { createRenderBuffers, type RenderBuffers } from '@opposable/drawing';
import type { HandSample } from '@opposable/hand-datasets';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { streamSyntheticHands } from '../stream-synthetic-hands.js';
import type { SynthesizeHandOptions } from '../settings/synthesis-options.js';

/** What every worker knows. */
export interface SynthesisTask {
  readonly model: ManoModel;
  readonly seed: number | string;
  readonly synthesis: SynthesizeHandOptions;
}

/** Consecutive samples of one split. */
export interface Batch {
  readonly split: string;
  readonly start: number;
  readonly count: number;
}

let buffers: RenderBuffers | undefined;

/** Makes the samples of a batch, without their meshes. */
export function makeBatch({ model, seed, synthesis }: SynthesisTask, batch: Batch): HandSample[] {
  buffers ??= createRenderBuffers();
  return Array.from(
    streamSyntheticHands({ ...synthesis, ...batch, model, seed, buffers }),
    ({ vertices2d: _, vertices3d: __, ...sample }) => sample,
  );
}

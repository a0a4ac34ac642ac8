import { createRenderBuffers, type RenderBuffers } from '@opposable/drawing';
import { type StoredSample, storeSample } from '@opposable/hand-datasets/node';
import type { ManoModel, Side } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import type { SynthesizeHandOptions } from '../settings/synthesis-options.js';
import { streamSyntheticHands } from '../stream-synthetic-hands.js';

/** Which hand: the open one of a side, or a model with a name of its own, sent along. */
export type HandReference = { readonly openHand: Side } | { readonly key: string; readonly model: ManoModel };

/** Consecutive samples of one split, to be made and written. */
export interface SynthesisChunk {
  readonly hand: HandReference;
  readonly seed: number | string;
  readonly synthesis: SynthesizeHandOptions;
  readonly split: string;
  readonly start: number;
  readonly count: number;
  /** Where the dataset grows. */
  readonly folder: string;
  readonly imageFormat: 'jpeg' | 'png';
  readonly jpegQuality: number | undefined;
}

let buffers: RenderBuffers | undefined;
let known: { readonly key: string; readonly model: ManoModel } | undefined;

/** The same object for all chunks of a thread, because what is prepared for a model is kept with it. */
function modelOf(hand: HandReference): ManoModel {
  if ('openHand' in hand) return loadOpenHand(hand.openHand);
  if (known?.key !== hand.key) known = hand;
  return known.model;
}

/** Samples whose files are written while the next one is drawn. */
const AHEAD = 4;

/** Makes the samples of a chunk and writes their images and masks. */
export async function synthesizeChunk(chunk: SynthesisChunk): Promise<{ readonly samples: readonly StoredSample[] }> {
  const { hand, seed, synthesis, split, start, count, folder, imageFormat, jpegQuality } = chunk;
  buffers ??= createRenderBuffers();
  const hands = streamSyntheticHands({ ...synthesis, model: modelOf(hand), seed, split, start, count, buffers });
  const samples: Promise<StoredSample>[] = [];
  for (const sample of hands) {
    const index = start + samples.length;
    const stem = String(index).padStart(8, '0');
    const stored = storeSample(sample, { folder, split, stem, index, imageFormat, jpegQuality });
    stored.catch(() => undefined); // reported where it is awaited
    samples.push(stored);
    if (samples.length > AHEAD) await samples[samples.length - 1 - AHEAD];
  }
  return { samples: await Promise.all(samples) };
}

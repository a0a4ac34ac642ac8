import type { HandSample } from '@opposable/hand-datasets';
import type { SynthesizeHandOptions } from '@opposable/hand-synthesis';
import type { HandReference } from '../../run/hand-run.js';
import type { Augmentation } from '../augmentation/settings.js';

/** Hands made as they are needed: a preset, and settings that replace its own. */
export type SyntheticHands = {
  readonly seed: number | string;
  readonly split?: string | undefined;
  /** Hands of one round; default no end, so that none comes twice. */
  readonly count?: number | undefined;
} & Omit<SynthesizeHandOptions, 'buffers' | 'depth' | 'keypointOrder'>;

/** Samples that any thread can get by their number: plain data. */
export type IndexedSource =
  | {
      readonly kind: 'prepared';
      readonly prepared: string;
      readonly split: string;
      /** Whether its heat maps come with it. */
      readonly heatmaps?: boolean | undefined;
    }
  | { readonly kind: 'samples'; readonly samples: readonly HandSample[] }
  | ({
      readonly kind: 'synthetic';
      /** Default the open hand. */ readonly hand?: HandReference | undefined;
    } & SyntheticHands);

/** Any other samples, taken in the order in which they come; only in the thread that has them. */
export interface StreamSource {
  readonly kind: 'stream';
  /** The samples from number `first` on, without end. */
  readonly open: (first: number) => AsyncIterable<HandSample>;
}

export type LoaderSource = IndexedSource | StreamSource;

/** Data sets that are read, augmented and mixed while the network trains. */
export interface LoaderData {
  readonly kind: 'loader';
  readonly sources: readonly { readonly source: LoaderSource; /** share of the samples */ readonly weight: number }[];
  /** Side of the network's input. */
  readonly imageSize: number;
  /** Side of the masks. Default 64. */
  readonly maskSize?: number | undefined;
  /** Whether the network takes heat maps; every source must be a prepared dataset then. Default false. */
  readonly heatmaps?: boolean | undefined;
  /** Threads that read and augment, over all replicas; 0: none but the one that trains. Default one per core. */
  readonly threads?: number | undefined;
  /** Batches that are made ahead. Default 3. */
  readonly ahead?: number | undefined;
}

/** What every sample of a loader goes through. */
export interface RowSettings {
  readonly imageSize: number;
  readonly maskSize: number;
  /** Side of the heat maps; without it there are none. */
  readonly heatmapSize?: number | undefined;
  readonly seed: number | string;
  readonly augmentation: Augmentation;
  /** Samples without the 22 numbers are refused. */
  readonly needsParameters: boolean;
}

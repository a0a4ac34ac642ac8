import { mergeBlock, type PartialSettings } from './merge-block.js';
import type { Probable, Range } from './types.js';

/** Light from all around. */
export interface AmbientRanges {
  readonly strength: Range;
  /** Largest change of red and blue, as a part. */
  readonly tint: number;
}

/** A lamp far away. */
export interface LampRanges {
  readonly strength: Range;
  /** Largest change of red and blue, as a part. */
  readonly tint: number;
  /** Least cosine between its direction and that of the viewer: 1 at the viewer, 0 aside, −1 behind the hand. */
  readonly leastCosine: number;
}

/** Number of lamps beside the main one, and what they are like. */
export type OtherLamps = LampRanges & { readonly count: Range };

/** One lamp beside the viewer, and little light from all sides. */
export interface FrontLightRanges {
  readonly ambient: AmbientRanges;
  readonly lamp: LampRanges;
}

/** A main lamp, others, and light from all sides. */
export interface RandomLightRanges extends FrontLightRanges {
  readonly others: OtherLamps;
}

/** Light from all around that is brighter from one side, mostly from above; a main lamp with a shadow, and others. */
export interface RoomLightRanges {
  readonly ambient: AmbientRanges & {
    /** How much brighter one side is, as a part, and its own tint. */
    readonly slope: Range;
    readonly slopeTint: number;
  };
  readonly lamp: LampRanges & {
    /** Share of pictures with a main lamp of another strength. */
    readonly dim: Probable & { readonly strength: Range };
    /** Of the main lamp: how much of its light is taken. */
    readonly shadow: Probable & { readonly strength: Range };
  };
  readonly others: OtherLamps;
}

interface RangesOf {
  readonly front: FrontLightRanges;
  readonly random: RandomLightRanges;
  readonly room: RoomLightRanges;
}

/** What the kinds of lighting have where nothing else is said. 'head' has nothing to vary: it is the lamp of 3dhand's generator. */
export const LIGHTING_RANGES: RangesOf = {
  front: {
    ambient: { strength: [0.02, 0.15], tint: 0.18 },
    lamp: { strength: [0.6, 1], tint: 0.18, leastCosine: 0.906 },
  },
  random: {
    ambient: { strength: [0.18, 0.55], tint: 0.18 },
    lamp: { strength: [0.4, 1.1], tint: 0.18, leastCosine: 0.15 },
    others: { count: [0, 2], strength: [0.05, 0.35], tint: 0.18, leastCosine: -0.8 },
  },
  room: {
    ambient: { strength: [0.25, 0.7], tint: 0.15, slope: [0.1, 0.75], slopeTint: 0.25 },
    lamp: {
      ...{ strength: [0.2, 0.95], tint: 0.2, leastCosine: -0.1 },
      dim: { probability: 0.25, strength: [0, 0.25] },
      shadow: { probability: 0.7, strength: [0.5, 1] },
    },
    others: { count: [0, 2], strength: [0.03, 0.3], tint: 0.3, leastCosine: -0.8 },
  },
};

export type LightingKind = 'head' | keyof RangesOf;

/** A kind of lighting, or a kind with some of its ranges replaced. */
export type LightingSetting =
  | LightingKind
  | { readonly [K in keyof RangesOf]: { readonly kind: K } & PartialSettings<RangesOf[K]> }[keyof RangesOf];

/** A kind of lighting with all of its ranges. */
export type ResolvedLighting =
  { readonly kind: 'head' } | { readonly [K in keyof RangesOf]: { readonly kind: K } & RangesOf[K] }[keyof RangesOf];

export const lightingKind = (setting: LightingSetting): LightingKind =>
  typeof setting === 'string' ? setting : setting.kind;

/** The ranges of a kind with those in their places that are given. */
export function resolveLighting(setting: LightingSetting): ResolvedLighting {
  const kind = lightingKind(setting);
  if (kind === 'head') return { kind };
  const ranges = { kind, ...LIGHTING_RANGES[kind] } as ResolvedLighting;
  return typeof setting === 'string' ? ranges : mergeBlock(ranges, setting);
}

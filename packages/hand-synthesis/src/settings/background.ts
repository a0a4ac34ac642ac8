import { isBlock, mergeBlock, type PartialSettings } from './merge-block.js';
import type { Probable, Range } from './types.js';

/** A gradient with a few soft spots, as of a wall out of focus; a network learns hands before it a good deal sooner. */
export interface PlainRanges {
  /** number of spots */
  readonly spots: Range;
}

/** A gradient with stripes, blobs and boxes, and noise of several scales. */
export interface VariedRanges {
  readonly stripes: Probable;
  /** number of blobs and boxes */
  readonly blobs: Range;
  /** amplitude of the coarsest scale in bytes */
  readonly noise: Probable & { readonly amplitude: Range };
}

/** Walls, furniture, shelves, things and skin colours, in focus or not. */
export interface SceneRanges {
  /** number of things and shelves; fewer are likelier */
  readonly things: Range;
  /** share of them that are shelves */
  readonly shelfShare: number;
  /** share of things, and of walls, in colours of skin */
  readonly skinThingShare: number;
  readonly skinWallShare: number;
  readonly floor: Probable;
  /** of colours, in bytes */
  readonly brightness: Range;
  /** contrast of textures in bytes, and of a quarter of them */
  readonly grain: Range;
  readonly coarseGrain: Range;
  /** deviation of the blur over the side of the image */
  readonly blur: Probable & { readonly overSide: Range };
}

interface RangesOf {
  readonly plain: PlainRanges;
  readonly varied: VariedRanges;
  readonly scene: SceneRanges;
}

/** What the kinds of backgrounds have where nothing else is said. */
export const BACKGROUND_RANGES: RangesOf = {
  plain: { spots: [0, 2] },
  varied: {
    stripes: { probability: 0.3 },
    blobs: [0, 6],
    noise: { probability: 0.85, amplitude: [3, 45] },
  },
  scene: {
    things: [0, 18],
    shelfShare: 0.2,
    skinThingShare: 0.2,
    skinWallShare: 0.12,
    floor: { probability: 0.4 },
    brightness: [25, 235],
    grain: [2, 40],
    coarseGrain: [30, 90],
    blur: { probability: 0.6, overSide: [0.002, 0.03] },
  },
};

/** The kinds of procedural backgrounds; what each looks like stands with its ranges. */
export type BackgroundKind = keyof RangesOf;

/** A kind of background, or a kind with some of its ranges replaced. */
export type BackgroundSetting =
  | BackgroundKind
  | { readonly [K in BackgroundKind]: { readonly kind: K } & PartialSettings<RangesOf[K]> }[BackgroundKind];

/** A kind of background with all of its ranges. */
export type ResolvedBackground = {
  readonly [K in BackgroundKind]: { readonly kind: K } & RangesOf[K];
}[BackgroundKind];

/** The ranges of a kind with those in their places that are given. */
export function resolveBackground(setting: BackgroundSetting): ResolvedBackground {
  const kind = isBlock(setting) ? setting.kind : setting;
  const ranges = { kind, ...BACKGROUND_RANGES[kind] } as ResolvedBackground;
  return isBlock(setting) ? mergeBlock(ranges, setting) : ranges;
}

/** A range [minimum, maximum] from which a number is drawn for every sample. */
export type Range = readonly [minimum: number, maximum: number];

/** Changes to the pixels that leave the labels where they are. */
export interface PhotometricAugmentation {
  /** Each image is multiplied by a factor from this range. Default [1, 1]. */
  readonly gain?: Range | undefined;
  /** Standard deviation of additive Gaussian noise, in grey levels of 0–255. Default 0. */
  readonly noise?: number | undefined;
}

/** Names of what the original does otherwise; each is a mistake that the default corrects. */
export const ORIGINAL_MISTAKES = ['translation-not-resized'] as const;
export type OriginalMistake = (typeof ORIGINAL_MISTAKES)[number];

/** What is done to a training sample; the labels move with the pixels. Every number is drawn anew for every sample. */
export interface Augmentation extends PhotometricAugmentation {
  /** The window moves by up to this part of its side, along both axes. Default 0. */
  readonly shift?: number | undefined;
  /** The image turns by up to so many degrees either way. Default 0. */
  readonly rotation?: number | undefined;
  /** The hand is enlarged by a factor from this range. Default [1, 1]. */
  readonly scale?: Range | undefined;
  /** The random window of 3dhand: 306 of 320 pixels, 0 to 10 from the left and from the top. Default false. */
  readonly window3dhand?: boolean | undefined;
  /** Each colour channel is multiplied by a factor of its own from this range. Default [1, 1]. */
  readonly channelGain?: Range | undefined;
  /** Distances to the mean grey are multiplied by a factor from this range. Default [1, 1]. */
  readonly contrast?: Range | undefined;
  /** Distances of the colours to their own grey are multiplied by a factor from this range. Default [1, 1]. */
  readonly saturation?: Range | undefined;
  /** A rectangle of one colour hides a part of the image. Default none. */
  readonly cutout?:
    { readonly probability: number; /** sides over the image's side */ readonly side: Range } | undefined;
  /** Repeats a mistake of the original. Default none. */
  readonly mistakes?: readonly OriginalMistake[] | undefined;
}

/**
 * Named settings.
 *
 * - `none`: nothing.
 * - `3dhand`: the seed reproduction of 3dhand: its window and noise of one grey level.
 * - `strong`: all kinds, for photographs.
 */
export const AUGMENTATION_PRESETS = {
  none: {},
  '3dhand': { window3dhand: true, noise: 1 },
  strong: {
    ...{ shift: 0.05, rotation: 30, scale: [0.85, 1.15], gain: [0.8, 1.2], channelGain: [0.9, 1.1] },
    ...{ contrast: [0.8, 1.2], saturation: [0.7, 1.3], noise: 2, cutout: { probability: 0.3, side: [0.1, 0.3] } },
  },
} as const satisfies Record<string, Augmentation>;

export type AugmentationPreset = keyof typeof AUGMENTATION_PRESETS;

const PHOTOMETRIC_IN_MEMORY: ReadonlySet<string> = new Set(['gain', 'noise']);

/** Whether it is more than what is done to samples in memory: gain and noise. */
export function needsLoader(augmentation: Augmentation): boolean {
  return Object.entries(augmentation).some(
    ([name, value]) => !PHOTOMETRIC_IN_MEMORY.has(name) && value !== undefined && changes(name, value),
  );
}

function changes(name: string, value: unknown): boolean {
  if (name === 'mistakes') return false;
  if (Array.isArray(value)) return value[0] !== 1 || value[1] !== 1;
  return value !== 0 && value !== false;
}

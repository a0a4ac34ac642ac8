import type { RenderBuffers, RgbImage } from '@opposable/drawing';
import { ConfigError } from '@opposable/tensor-checks';
import { checkSettings } from './check-settings.js';
import { check, checkKeys } from './checks.js';
import { mergeBlock, type PartialSettings } from './merge-block.js';
import { SYNTHESIS_PRESETS, type SynthesisPreset } from './presets.js';
import type { SynthesisSettings } from './types.js';

/**
 * Settings that replace those of a preset: numbers, ranges and names as a whole; of the blocks `forearm`, `skin`, `ring`,
 * `watch`, `occluder`, `secondHand` and `effects` what is given.
 */
export type SettingsOverride = Partial<Omit<SynthesisSettings, MergedBlock>> & {
  readonly [K in MergedBlock]?: PartialSettings<SynthesisSettings[K]> | undefined;
};

/** Each setting that is given replaces that of the preset. */
export interface SynthesizeHandOptions extends SettingsOverride {
  /** Default 'demo'. */
  readonly preset?: SynthesisPreset | undefined;
  /** Order of the 21 keypoints, a name or alias of `@opposable/keypoint-order`. Default 'panoptic'. */
  readonly keypointOrder?: string | undefined;
  /** Pictures to cut backgrounds from. Default procedural backgrounds. */
  readonly backgrounds?: readonly RgbImage[] | undefined;
  /**
   * Colours of the hand's vertices to choose from, each [V, 3] sRGB in 0 … 1, not to be changed once it was used; default what the
   * setting `coloring` says.
   */
  readonly colorings?: readonly ArrayLike<number>[] | undefined;
  /** Whether each hand gets a map of depth. Default false. */
  readonly depth?: boolean | undefined;
  /** Working memory of the renderer to reuse (`createRenderBuffers` of `@opposable/drawing`). */
  readonly buffers?: RenderBuffers | undefined;
}

const MERGED_BLOCKS = ['skin', 'forearm', 'ring', 'watch', 'occluder', 'secondHand', 'effects'] as const;
type MergedBlock = (typeof MERGED_BLOCKS)[number];

/** Options that are no settings. */
const OTHER_NAMES = ['preset', 'keypointOrder', 'backgrounds', 'colorings', 'depth', 'buffers'];

const SETTING_NAMES = Object.keys(SYNTHESIS_PRESETS.seed) as (keyof SynthesisSettings)[];

/** The settings among options of a longer list, to be passed on. */
export function settingsAmong(options: SynthesizeHandOptions): SynthesizeHandOptions {
  const { preset, keypointOrder, backgrounds, colorings, depth } = options;
  const settings = SETTING_NAMES.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return {
    preset,
    keypointOrder,
    backgrounds,
    colorings,
    depth,
    ...(Object.fromEntries(settings) as SettingsOverride),
  };
}

/**
 * The preset with the given settings in their places.
 *
 * @throws ConfigError naming the setting, what it is and what is accepted
 */
export function resolveSettings(options: SynthesizeHandOptions): SynthesisSettings {
  const preset = options.preset ?? 'demo';
  const names = Object.keys(SYNTHESIS_PRESETS);
  if (!names.includes(preset)) {
    throw new ConfigError(`synthesizeHand: expected preset as one of ${names.join(', ')}, got ${String(preset)}.`, {
      expected: names,
      actual: preset,
    });
  }
  const accepted = [...SETTING_NAMES, ...OTHER_NAMES];
  for (const name of Object.keys(options))
    check(accepted.includes(name), 'settings', `among ${accepted.join(', ')}`, name);
  for (const name of MERGED_BLOCKS) {
    if (options[name] !== undefined) checkKeys(name, options[name], SYNTHESIS_PRESETS.realistic[name]);
  }
  const base: SynthesisSettings = SYNTHESIS_PRESETS[preset];
  const merged = Object.fromEntries(
    SETTING_NAMES.map((name) => {
      const isMerged = (MERGED_BLOCKS as readonly string[]).includes(name);
      const replaced = options[name] === undefined ? base[name] : options[name];
      return [name, isMerged ? mergeBlock(base[name], options[name]) : replaced];
    }),
  ) as unknown as SynthesisSettings;
  checkSettings(merged);
  return merged;
}

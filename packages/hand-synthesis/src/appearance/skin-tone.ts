import { type Rng } from '@opposable/tensor-checks';

/** One skin colour in CIELAB (D65). */
export interface SkinTone {
  /** Individual typology angle in degrees: atan2(L* − 50, b*). Above 55 very light, below −30 dark. */
  readonly typologyAngle: number;
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

/**
 * Range of skin colours: typology angles over all six classes of Chardon et al. (very light > 55°, light > 41°,
 * intermediate > 28°, tan > 10°, brown > −30°, dark), chroma as spectrophotometers find it on hands and forearms.
 *
 * References: Chardon, Cretois, Hourseau, Int. J. Cosmetic Science 13, 1991; Weatherall and Coombs, J. Invest.
 * Dermatology 99, 1992; Xiao et al., Skin Research and Technology 23, 2017.
 */
export const SKIN_TONE_RANGE = {
  typologyAngle: [-55, 60],
  /** b* of medium skin; very light and dark skin is less yellow */
  b: [13, 21],
  a: [6, 14],
  lightness: [30, 76],
} as const;

type Range = readonly [number, number];

/**
 * Draws a skin colour: the angle uniform in its range, lightness from angle and b*, within what is measured.
 *
 * @param typologyAngles range of the typology angle, degrees
 * @param chroma ranges of a* and b*
 */
export function sampleSkinTone(
  rng: Rng,
  typologyAngles: Range = SKIN_TONE_RANGE.typologyAngle,
  chroma: { readonly a: Range; readonly b: Range } = SKIN_TONE_RANGE,
): SkinTone {
  const typologyAngle = rng.uniform(...typologyAngles);
  const away = Math.abs(typologyAngle - 20) / 75; // 0 for tan skin, 1 for the darkest
  const b = rng.uniform(...chroma.b) * (1 - 0.35 * away * away);
  const a = rng.uniform(...chroma.a);
  const [darkest, lightest] = SKIN_TONE_RANGE.lightness;
  const lightness = Math.min(lightest, Math.max(darkest, 50 + b * Math.tan((typologyAngle * Math.PI) / 180)));
  return { typologyAngle, lightness, a, b };
}

const WHITE_D65 = [0.95047, 1, 1.08883] as const;

/** CIELAB (D65) to linear sRGB, clamped to 0 … 1. */
export function labToLinearSrgb(lightness: number, a: number, b: number): [number, number, number] {
  const fy = (lightness + 16) / 116;
  const inverse = (f: number) => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29));
  const x = WHITE_D65[0] * inverse(fy + a / 500);
  const y = WHITE_D65[1] * inverse(fy);
  const z = WHITE_D65[2] * inverse(fy - b / 200);
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clamp(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    clamp(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    clamp(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

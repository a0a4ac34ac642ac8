/** sRGB in 0 … 1 to linear light in 0 … 1 (IEC 61966-2-1). */
export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Linear light in 0 … 1 to sRGB in 0 … 1 (IEC 61966-2-1). */
export function linearToSrgb(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** Linear light of each sRGB byte. */
export const LINEAR_OF_BYTE: Float64Array = Float64Array.from({ length: 256 }, (_, byte) => srgbToLinear(byte / 255));

/** Steps of {@link BYTE_OF_LINEAR}: fine enough that every byte survives the way to linear light and back. */
export const LINEAR_STEPS = 65535;

/** The nearest sRGB byte of linear light i / LINEAR_STEPS. */
export const BYTE_OF_LINEAR: Uint8Array = Uint8Array.from({ length: LINEAR_STEPS + 1 }, (_, i) =>
  Math.round(255 * linearToSrgb(i / LINEAR_STEPS)),
);

const FINE_STEPS = 4096;
const FINE_LINEAR = Float64Array.from({ length: FINE_STEPS + 2 }, (_, i) => srgbToLinear(i / FINE_STEPS));

/** As {@link srgbToLinear}, clamped to 0 … 1, by a table with interpolation (error below 1e-7). */
export function srgbToLinearFast(value: number): number {
  const position = value <= 0 ? 0 : value >= 1 ? FINE_STEPS : value * FINE_STEPS;
  const index = position | 0;
  const low = FINE_LINEAR[index]!;
  return low + (position - index) * (FINE_LINEAR[index + 1]! - low);
}

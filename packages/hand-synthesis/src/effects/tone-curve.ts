import type { RgbImage } from '@opposable/drawing';

/** How a camera turns light into bytes. */
export interface Tone {
  /** of red, green, blue; exposure and white balance together */
  readonly gains: readonly [number, number, number];
  readonly gamma: number;
  /** about middle grey */
  readonly contrast: number;
  /** 0 grey, 1 unchanged */
  readonly saturation: number;
}

const MIDDLE = 0.46;
/** Weights of luma, ITU-R BT.601. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** value' = contrast · ((gain · value)^gamma − ½) + ½ per channel, then towards or away from the luma. In place. */
export function applyTone({ data }: RgbImage, { gains, gamma, contrast, saturation }: Tone): void {
  const tables = gains.map((gain) =>
    Float32Array.from(
      { length: 256 },
      (_, byte) => 255 * (contrast * ((gain * (byte / 255)) ** gamma - MIDDLE) + MIDDLE),
    ),
  ) as [Float32Array, Float32Array, Float32Array];
  const [reds, greens, blues] = tables;
  for (let i = 0; i < data.length; i += 3) {
    const red = reds[data[i]!]!;
    const green = greens[data[i + 1]!]!;
    const blue = blues[data[i + 2]!]!;
    const luma = (1 - saturation) * (RED * red + GREEN * green + BLUE * blue) + 0.5;
    const r = saturation * red + luma;
    const g = saturation * green + luma;
    const b = saturation * blue + luma;
    data[i] = r <= 0 ? 0 : r >= 255 ? 255 : r;
    data[i + 1] = g <= 0 ? 0 : g >= 255 ? 255 : g;
    data[i + 2] = b <= 0 ? 0 : b >= 255 ? 255 : b;
  }
}

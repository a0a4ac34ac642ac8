import { assertChannels } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';

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
const LUMA = [0.299, 0.587, 0.114] as const;

/** [3, 256, 4]: what each byte of a channel gives to red, green and blue; the rounding of the sum stands with red's. */
function tonesOf({ gains, gamma, contrast, saturation }: Tone, tables: Float32Array): void {
  gains.forEach((gain, channel) => {
    const share = (1 - saturation) * LUMA[channel]!;
    for (let byte = 0; byte < 256; byte++) {
      const value = 255 * (contrast * ((gain * (byte / 255)) ** gamma - MIDDLE) + MIDDLE);
      const at = 4 * (256 * channel + byte);
      for (let c = 0; c < 3; c++) {
        tables[at + c] = share * value + (c === channel ? saturation * value : 0) + (channel === 0 ? 0.5 : 0);
      }
      tables[at + 3] = 0;
    }
  });
}

/**
 * value' = contrast · ((gain · value)^gamma − ½) + ½ per channel, then towards or away from the luma. In place.
 *
 * @throws ShapeError for an image that is not RGB
 */
export function applyTone(image: RgbImage, tone: Tone, filters: Filters = sharedFilters()): void {
  assertChannels(image, 3, 'applyTone');
  const { width, height, data } = image;
  const take = filters.begin(4 * 4 * 3 * 256 + data.length);
  const tables = take.floats(4 * 3 * 256);
  const bytes = take.bytes(data.length);
  tonesOf(tone, tables);
  bytes.set(data);
  filters.kernels.tone(bytes, width * height, tables);
  data.set(bytes);
}

import { LINEAR_STEPS } from '../../srgb.js';
import { FIELD, type WorkspaceArrays } from '../workspace.js';

const { fround } = Math;

/** Averages the fragments of each pixel, weighted by their samples, with what stands in `pixels`, in linear light. */
export function compositeFragments(
  arrays: WorkspaceArrays,
  count: number,
  capacity: number,
  samplesPerPixel: number,
): void {
  const { fragments, fragmentPixels, fragmentSamples, pixels, linearOfByte, byteOfLinear } = arrays;
  const reds = FIELD.red * capacity;
  const greens = FIELD.green * capacity;
  const blues = FIELD.blue * capacity;
  const whole = fround(1 / samplesPerPixel);
  const toByte = (linear: number): number => {
    const step = fround(fround(linear * LINEAR_STEPS) + 0.5);
    return byteOfLinear[step >= LINEAR_STEPS ? LINEAR_STEPS : step > 0 ? step | 0 : 0]!;
  };
  for (let i = 0; i < count;) {
    const pixel = fragmentPixels[i]!;
    let covered = 0;
    let red: number = 0;
    let green: number = 0;
    let blue: number = 0;
    for (; i < count && fragmentPixels[i] === pixel; i++) {
      const samples = fragmentSamples[i]!;
      covered += samples;
      red = fround(red + fround(fragments[reds + i]! * samples));
      green = fround(green + fround(fragments[greens + i]! * samples));
      blue = fround(blue + fround(fragments[blues + i]! * samples));
    }
    const rest = samplesPerPixel - covered;
    const at = pixel * 3;
    if (rest > 0) {
      red = fround(red + fround(linearOfByte[pixels[at]!]! * rest));
      green = fround(green + fround(linearOfByte[pixels[at + 1]!]! * rest));
      blue = fround(blue + fround(linearOfByte[pixels[at + 2]!]! * rest));
    }
    pixels[at] = toByte(fround(red * whole));
    pixels[at + 1] = toByte(fround(green * whole));
    pixels[at + 2] = toByte(fround(blue * whole));
  }
}

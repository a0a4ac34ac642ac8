import { nearestAxisAngle, oneEuroFilter } from '@opposable/geometry/host';
import { cameraOfNumbers, type CropNumbers, numbersOfCamera } from './place-hand.js';

/** Smooths the 22 numbers of the frames of one camera, one after the other. */
export interface NumberSmoother {
  /** @param seconds time of the frame, later than that of the one before */
  smooth(numbers: CropNumbers, seconds: number): CropNumbers;
  /** Forgets everything, for when the hand has been lost. */
  reset(): void;
}

/** Metres that turn the scale into a size in pixels, so that one setting suits size and place. */
const HAND_SIZE = 0.1;

/**
 * One-euro filters over what the 22 numbers say in the image, whatever crop each frame had: size and place in pixels, rotation as
 * the axis-angle vector nearest to the frame before, coefficients. A change of sides begins anew.
 *
 * @see oneEuroFilter of @opposable/geometry
 */
export function numberSmoother(): NumberSmoother {
  const pixels = oneEuroFilter({ minimumCutoff: 1, beta: 0.02 });
  const angles = oneEuroFilter({ minimumCutoff: 1, beta: 0.5 });
  let side: CropNumbers['side'] | undefined;
  let rotation: readonly [number, number, number] | undefined;
  const reset = (): void => {
    pixels.reset();
    angles.reset();
    rotation = undefined;
  };
  return {
    smooth(numbers, seconds) {
      if (side !== numbers.side) reset();
      side = numbers.side;
      const { scale, translation } = cameraOfNumbers(numbers);
      const [size, u, v] = pixels.filter([scale * HAND_SIZE, ...translation], seconds);
      const [x, y, z, ...coefficients] = numbers.handParameters.subarray(3);
      const own = [x!, y!, z!] as const;
      const turned = angles.filter([...(rotation ? nearestAxisAngle(own, rotation) : own), ...coefficients], seconds);
      rotation = [turned[0]!, turned[1]!, turned[2]!];
      const camera = { scale: size! / HAND_SIZE, translation: [u!, v!] as const };
      return { ...numbers, handParameters: Float32Array.from([...numbersOfCamera(camera, numbers), ...turned]) };
    },
    reset,
  };
}

import type { PredictedHand } from './place-hand.js';

const rows = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from({ length: width }, (_, k) => values[i * width + k]!),
  );

/** The numbers of a predicted hand as `opposable predict` writes them: all but the mesh. */
export function predictionJson(image: string, hand: PredictedHand): string {
  const { side, crop, camera, handParameters, keypoints, keypoints3d } = hand;
  const value = {
    image,
    side,
    crop,
    keypoint_order: 'panoptic',
    keypoints_pixels: rows(keypoints, 2),
    keypoints_3d_metres: rows(keypoints3d, 3),
    camera,
    hand_parameters_of_the_crop: Array.from(handParameters),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

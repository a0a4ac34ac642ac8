import { permutation } from '@opposable/keypoint-order';

import type { TrainingArrays } from '../data/training-arrays.js';

/** The same arrays with keypoints that are labelled but hidden (COCO's 1) counting as unknown. */
export function withoutHidden(arrays: TrainingArrays): TrainingArrays {
  const visibility = new Float32Array(new SharedArrayBuffer(arrays.visibility.byteLength));
  visibility.set(arrays.visibility);
  arrays.annotations.forEach((annotation, i) => {
    permutation(annotation.keypointOrder, 'panoptic').forEach((from, k) => {
      if (annotation.visibility[from] === 1) visibility[i * 21 + k] = 0;
    });
  });
  return { ...arrays, visibility };
}

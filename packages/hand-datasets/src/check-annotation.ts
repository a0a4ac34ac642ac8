import { datasetError } from './dataset-error.js';
import type { HandAnnotation, HandSample } from './types.js';

const KEYPOINTS = 21;

function checkNumbers(
  values: ArrayLike<number>,
  length: number | undefined,
  field: string,
  id: string,
  operation: string,
): void {
  if (length !== undefined && values.length !== length) {
    throw datasetError(operation, `expected ${length} numbers in ${field} of sample '${id}', got ${values.length}`, {
      expected: length,
      actual: values.length,
    });
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw datasetError(
        operation,
        `expected finite numbers in ${field} of sample '${id}', got ${values[i]} at index ${i}`,
        {
          expected: 'finite',
          actual: values[i],
        },
      );
    }
  }
}

/**
 * Checks that every field of an annotation has its size and finite numbers.
 *
 * @param annotation the hand
 * @param operation name of the function in whose name the error speaks
 * @throws DatasetError naming the sample, the field and what was found
 */
export function checkAnnotation(annotation: HandAnnotation, operation: string): void {
  const { id, visibility } = annotation;
  const check = (values: ArrayLike<number> | undefined, length: number | undefined, field: string): void => {
    if (values !== undefined) checkNumbers(values, length, field, id, operation);
  };
  check(annotation.keypoints, KEYPOINTS * 2, 'keypoints');
  check(annotation.visibility, KEYPOINTS, 'visibility');
  check(annotation.keypoints3d, KEYPOINTS * 3, 'keypoints3d');
  check(annotation.keypoints3dValid, KEYPOINTS, 'keypoints3dValid');
  check(annotation.camera, 9, 'camera');
  check(annotation.bbox, 4, 'bbox');
  check(annotation.handParameters, 22, 'handParameters');
  check(annotation.crop, 6, 'crop');
  check(annotation.mano?.pose, undefined, 'mano.pose');
  check(annotation.mano?.betas, undefined, 'mano.betas');
  check(annotation.mano?.transl, 3, 'mano.transl');
  for (let i = 0; i < visibility.length; i++) {
    if (visibility[i]! <= 2) continue;
    throw datasetError(operation, `expected visibilities 0, 1 or 2 in sample '${id}', got ${visibility.join(', ')}`);
  }
  if ((annotation.keypoints3d === undefined) !== (annotation.keypoints3dValid === undefined)) {
    throw datasetError(operation, `expected keypoints3d and keypoints3dValid of sample '${id}' both or neither`);
  }
}

/** {@link checkAnnotation}, and that image and mask have the bytes their sizes ask for. */
export function checkSample(sample: HandSample, operation: string): void {
  checkAnnotation(sample, operation);
  const { image, mask, id } = sample;
  const sized = Number.isInteger(image.width) && Number.isInteger(image.height) && image.width > 0 && image.height > 0;
  if (!sized || image.data.length !== image.width * image.height * 3) {
    throw datasetError(
      operation,
      `expected an image of width × height × 3 bytes in sample '${id}', got ${image.data.length} bytes for ${image.width} × ${image.height}`,
    );
  }
  if (mask === undefined) return;
  if (mask.width !== image.width || mask.height !== image.height || mask.data.length !== mask.width * mask.height) {
    throw datasetError(
      operation,
      `expected the mask of sample '${id}' to be ${image.width} × ${image.height} bytes like its image, got ${mask.width} × ${mask.height} with ${mask.data.length} bytes`,
    );
  }
}

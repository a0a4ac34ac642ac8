/**
 * What is done to RGB in 0–1 before the first convolution: nothing, or the mean and deviation of ImageNet that torchvision's
 * weights were trained with.
 */
export const INPUT_NORMALIZATIONS = {
  unit: undefined,
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
} as const;
export type InputNormalization = keyof typeof INPUT_NORMALIZATIONS;

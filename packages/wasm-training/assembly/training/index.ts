export { adam, scaleBlocks, sgd, sgdWithMomentum, sumOfSquares } from './optimizers';
export { copyRows } from './copy';
export {
  columnAffine,
  columnAffine2,
  columnAffineRelu,
  columnMoments,
  columnProducts,
  columnSums,
  foldColumns,
} from './columns';
export { binary, binarySingle, reluGradient } from './elementwise';
export { gatherRows, segmentSum } from './rows';
export { checkCsr, csrTimesDense, csrTransposedTimesDense, csrValuesGradient } from './sparse';
export { averagePoolGradient, maxPoolGradient } from './pooling';
export { resizeBilinearGradient } from './resize';
export { bilinearImageGradient, bilinearPointGradient, bilinearSample, transformBilinear } from './bilinear';

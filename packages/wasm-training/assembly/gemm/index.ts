export { finishRows } from './activation';
export { addTo, depthwise } from './depthwise';
export { depthwiseTaps } from './depthwise-filter';
export { depthwiseResults } from './depthwise-results';
export { fill } from './fill';
export { addPatches, copyPatches } from './patches';
export { packPanels, packPanelsTransposed } from './pack';
export { products12, sums10, sums12, sums8 } from './roofline';
export { smallProducts } from './small';
export { sweepRows, sweepTransposed, sweepWork } from './sweep';
export { fillSteps, fillTable, gridTable, linearTable, padImages, stepTable, tileRows } from './table';
export {
  winogradFilter,
  winogradGradient,
  winogradInput,
  winogradOutput,
  winogradSums,
  winogradWork,
} from './winograd';

export { type AnyNdarray, fromNdarray } from './from-ndarray.js';
export { type NdarrayData, toNdarray } from './to-ndarray.js';

export type { FloatArray, ParametricModel } from './types.js';

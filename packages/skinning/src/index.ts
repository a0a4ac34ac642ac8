export type { FloatArray, ParametricModel } from './host/types.js';

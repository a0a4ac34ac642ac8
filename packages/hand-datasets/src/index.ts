export type { HandAnnotation, HandSample, ManoAnnotation, SampleSource } from './types.js';

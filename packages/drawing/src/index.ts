export type { Camera, GrayImage, RgbImage } from './types.js';

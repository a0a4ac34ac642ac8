import { measureRooflines } from '../rooflines.mjs';

export const title = 'Matrix products and convolutions on wasm with relaxed SIMD';

export const measure = () => measureRooflines({ relaxedSimd: true });

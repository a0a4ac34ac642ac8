import { measureRooflines } from '../rooflines.mjs';

export const title = 'Matrix products and convolutions on wasm against the roofline';

export const measure = () => measureRooflines({ relaxedSimd: false });

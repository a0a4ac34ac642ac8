export type { LoadManoModelOptions } from '../files/load-mano-model.js';
export { loadManoModel } from './load-mano-model.js';

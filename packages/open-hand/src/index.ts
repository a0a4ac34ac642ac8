export { loadOpenHand } from './load-open-hand.js';

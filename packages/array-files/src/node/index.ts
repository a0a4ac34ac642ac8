export { readArrays } from './read-arrays.js';

export { fill } from './fill';
export { multiplyAddLoop8, multiplyAddLoop12 } from './roofline';

export {
  pyArray,
  pyCh,
  pyChumpy,
  pyCsc,
  pyDict,
  type PyInstance,
  type PyLiteral,
  type PyModules,
  pySelect,
  pySet,
} from './py.js';
export { writeModelPickle, type WriteModelPickleOptions } from './write-model-pickle.js';
export { writePython2Pickle } from './write-python2-pickle.js';

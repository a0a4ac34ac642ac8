export { readHdf5 } from './hdf5/read-hdf5.js';
export type {
  Hdf5Attributes,
  Hdf5Content,
  Hdf5Dataset,
  Hdf5Group,
  Hdf5Link,
  Hdf5Numeric,
  Hdf5References,
  Hdf5Text,
  Hdf5Unsupported,
  Hdf5Value,
} from './hdf5/types.js';
export { describeArrays, type DescribeOptions, type Description } from './inspect/describe-arrays.js';
export { type FlatArrays, flattenArrays } from './inspect/flatten-arrays.js';
export { parseMat, readMat } from './mat/read-mat.js';
export type { MatCell, MatChar, MatNumeric, MatSparse, MatStruct, MatUnsupported, MatValue } from './mat/types.js';
export { parseNpy, readNpy, type ReadNpyOptions } from './numpy/read-npy.js';
export { parseNpz, readNpz, type ReadNpzOptions } from './numpy/read-npz.js';
export { denseFromSparse } from './numpy/dense-from-sparse.js';
export { isPlainArray, isSparseMatrix } from './numpy/kinds.js';
export { writeNpy } from './numpy/write-npy.js';
export { writeNpz, type WriteNpzOptions } from './numpy/write-npz.js';
export { createPickleReader } from './pickle/create-pickle-reader.js';
export { parsePickle, readPickle, type ReadPickleOptions } from './pickle/read-pickle.js';
export { ProtobufWriter } from './protobuf/protobuf-writer.js';
export type { Safetensors } from './safetensors/format.js';
export { parseSafetensors, readSafetensors } from './safetensors/read-safetensors.js';
export { writeSafetensors } from './safetensors/write-safetensors.js';
export { type ArrayFile, detectFormat, readArrays } from './read-arrays.js';
export { parseTorchCheckpoint, readTorchCheckpoint } from './torch/read-torch-checkpoint.js';
export type {
  ArrayInput,
  Bytes,
  ComplexNumber,
  CompressedSparseMatrix,
  CoordinateSparseMatrix,
  DType,
  NumpyArray,
  ObjectArray,
  PickleDict,
  PickleValue,
  PlainArray,
  ReadLimits,
  RecordArray,
  SparseMatrix,
  TextArray,
  TypedArray,
} from './types.js';

export { OPSET_VERSION } from './format/encode-model.js';
export type { GraphValue } from './graph/types.js';
export { handRegressorToOnnx, type HandRegressorOnnxOptions } from './hand-regressor-to-onnx.js';
export { layersModelToOnnx, type OnnxFile, type OnnxOptions } from './layers-model-to-onnx.js';

import type * as tf from '@tensorflow/tfjs-core';

/** A tensor at kernel level: what kernels receive and return, not counted by the engine. */
export type Info = tf.TensorInfo;

/** What the backend is told to run: its own classes of programs have the same fields. */
export interface DispatchedProgram {
  readonly pipeline: GPUComputePipeline;
  readonly dispatch: readonly [number, number, number];
}

/** What is used of the webgpu backend of TensorFlow.js 4.22; some of it is private by its types. */
export interface Backend {
  readonly device: GPUDevice;
  readonly pipelineCache: Record<string, GPUComputePipeline>;
  /** What the buffers really hold. */
  readonly tensorMap: { get(dataId: object): { readonly dtype: tf.DataType } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: Float32Array): Info;
  /** A buffer for the tensor, with its values if it has any. */
  uploadToGPU(dataId: object): void;
  /** Binds output, inputs and a buffer of shapes to places 0, 1, …, and puts the program behind the others of the queue. */
  recordAndSubmit(program: DispatchedProgram, output: Info, inputs: readonly Info[]): void;
  /** The buffer goes back to the pool once what has been put into the queue is done with it. */
  disposeData(dataId: object): boolean;
}

/** A new float tensor with undefined contents; one without elements has values already, since no program writes any. */
export function allocate(backend: Backend, shape: number[]): Info {
  const isEmpty = shape.includes(0);
  return backend.makeTensorInfo(shape, 'float32', isEmpty ? new Float32Array(0) : undefined);
}

import type * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocate, type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { offsetOf } from './scratch.js';
import { training } from './training-module.js';

export const CSR_TIMES_DENSE = 'OpposableCsrTimesDense';
export const CSR_TRANSPOSED_TIMES_DENSE = 'OpposableCsrTransposedTimesDense';
export const CSR_VALUES_GRAD = 'OpposableCsrValuesGrad';

/** The entries of a matrix of `rows` by `columns` in compressed rows. */
interface CsrInputs {
  /** [entries] float32 */
  values: Info;
  /** [entries] int32 */
  indices: Info;
  /** [rows + 1] int32 */
  starts: Info;
}

interface CsrAttrs {
  columns: number;
}

/** The numbers of a call after its pointers; checks what the native loops follow without looking. */
function checked(backend: Backend, { values, indices, starts }: CsrInputs, dense: Info, { columns }: CsrAttrs) {
  const rows = starts.shape[0]! - 1;
  const [startsAt, indicesAt] = [offsetOf(backend, starts), offsetOf(backend, indices)];
  const entries = sizeOf(values.shape);
  if (training(backend).checkCsr(startsAt, indicesAt, rows, columns, entries) === 0) {
    throw new ConfigError(
      `sparseDenseMatMul: expected starts that rise from 0 to ${entries} and indices in [0, ${columns - 1}], got others.`,
      { expected: { entries, columns }, actual: undefined },
    );
  }
  const width = dense.shape[dense.shape.length - 1]!;
  const batch = sizeOf(dense.shape.slice(0, -2));
  return [batch, rows, columns, width] as const;
}

const withRows = (dense: Info, rows: number) => [...dense.shape.slice(0, -2), rows, dense.shape.at(-1)!];

/** dense […, columns, F] → […, rows, F]. */
export const csrTimesDenseKernel = wasmKernel<CsrInputs & { dense: Info }, CsrAttrs>(
  CSR_TIMES_DENSE,
  ({ backend, inputs, attrs }) => {
    const numbers = checked(backend, inputs, inputs.dense, attrs);
    const out = allocate(backend, withRows(inputs.dense, numbers[1]));
    const at = (tensor: Info) => offsetOf(backend, tensor);
    const { values, indices, starts, dense } = inputs;
    training(backend).csrTimesDense(at(values), at(indices), at(starts), at(dense), at(out), ...numbers);
    return out;
  },
);

/** dy […, rows, F] → […, columns, F]: the gradient with respect to the dense factor. */
export const csrTransposedTimesDenseKernel = wasmKernel<CsrInputs & { dy: Info }, CsrAttrs>(
  CSR_TRANSPOSED_TIMES_DENSE,
  ({ backend, inputs, attrs }) => {
    const numbers = checked(backend, inputs, inputs.dy, attrs);
    const out = allocate(backend, withRows(inputs.dy, attrs.columns));
    const at = (tensor: Info) => offsetOf(backend, tensor);
    const { values, indices, starts, dy } = inputs;
    training(backend).csrTransposedTimesDense(at(values), at(indices), at(starts), at(dy), at(out), ...numbers);
    return out;
  },
);

/** [entries], the gradient with respect to the entries. */
export const csrValuesGradKernel = wasmKernel<CsrInputs & { dy: Info; dense: Info }, CsrAttrs>(
  CSR_VALUES_GRAD,
  ({ backend, inputs, attrs }) => {
    const numbers = checked(backend, inputs, inputs.dy, attrs);
    const out = allocate(backend, inputs.values.shape);
    const at = (tensor: Info) => offsetOf(backend, tensor);
    const { indices, starts, dy, dense } = inputs;
    training(backend).csrValuesGradient(at(indices), at(starts), at(dy), at(dense), at(out), ...numbers);
    return out;
  },
);

export const csrKernels: readonly tf.KernelConfig[] = [
  csrTimesDenseKernel,
  csrTransposedTimesDenseKernel,
  csrValuesGradKernel,
];

/** Whole numbers are integers; a float says so. */
export type Attribute = string | number | readonly number[] | { readonly float: number };

export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  /** Names of values and tensors; '' for an optional one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant. */
export interface GraphTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** What goes in or comes out: float32, with names for sizes that may differ from call to call. */
export interface GraphValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** An ONNX graph as plain data. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly tensors: readonly GraphTensor[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

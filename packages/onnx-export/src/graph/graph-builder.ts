import type { Attribute, GraphNode, GraphTensor } from './types.js';

/** Collects nodes and constants; each call gives the name of its result. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly tensors: GraphTensor[] = [];
  private readonly counts = new Map<string, number>();

  /** A name that is not taken yet. */
  private fresh(wanted: string): string {
    const count = this.counts.get(wanted) ?? 0;
    this.counts.set(wanted, count + 1);
    return count === 0 ? wanted : `${wanted}:${count}`;
  }

  /** Keeps a name from being given to anything else. */
  reserve(name: string): void {
    this.counts.set(name, 1);
  }

  /** One node with one result. */
  apply(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = operator.toLowerCase(),
  ): string {
    const output = this.fresh(name);
    this.nodes.push({ name: output, operator, inputs, outputs: [output], attributes });
    return output;
  }

  /** Gives a value the name that it has outside. */
  rename(value: string, name: string): void {
    this.nodes.push({ name, operator: 'Identity', inputs: [value], outputs: [name], attributes: {} });
  }

  /** float32 constant. */
  constant(values: ArrayLike<number>, shape: readonly number[], name = 'constant'): string {
    const own = this.fresh(name);
    this.tensors.push({ name: own, shape, data: Float32Array.from(values) });
    return own;
  }

  scalar(value: number): string {
    return this.constant([value], []);
  }

  /** int64 constant: shapes, indices, paddings. */
  integers(values: readonly number[], name = 'integers'): string {
    const own = this.fresh(name);
    this.tensors.push({ name: own, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
    return own;
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.apply('Reshape', [value, this.integers(shape)]);
  }

  /** `size` entries of one axis from `start` on. */
  slice(value: string, start: number, size: number, axis = 1): string {
    return this.apply('Slice', [value, this.integers([start]), this.integers([start + size]), this.integers([axis])]);
  }

  /** Entries of one axis by their indices. */
  gather(value: string, indices: readonly number[], axis: number): string {
    return this.apply('Gather', [value, this.integers(indices)], { axis });
  }

  concat(values: readonly string[], axis: number): string {
    return this.apply('Concat', values, { axis });
  }

  /** Σ over one axis, which stays with size 1 where asked for. */
  sum(value: string, axis: number, keep = false): string {
    return this.apply('ReduceSum', [value, this.integers([axis])], { keepdims: keep ? 1 : 0 });
  }

  add(a: string, b: string): string {
    return this.apply('Add', [a, b]);
  }

  sub(a: string, b: string): string {
    return this.apply('Sub', [a, b]);
  }

  mul(a: string, b: string): string {
    return this.apply('Mul', [a, b]);
  }

  div(a: string, b: string): string {
    return this.apply('Div', [a, b]);
  }

  matMul(a: string, b: string): string {
    return this.apply('MatMul', [a, b]);
  }
}

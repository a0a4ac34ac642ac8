import { OBJECT_BYTES } from '../core/allowance.js';
import { elementCount } from '../core/dtypes.js';
import type { NumpyArray, PlainArray } from '../types.js';
import { globalNamed } from './builtin-globals.js';
import { broadcast, concatenate, dot, type FloatArrayOf, sum, transpose } from './float-arrays.js';
import { NdArray } from './numpy-array.js';
import {
  integersOf,
  MAX_DIMENSIONS,
  nameOf,
  PyDict,
  PyObject,
  type PickleContext,
  type PyGlobal,
  type PyValue,
  textOf,
} from './py-values.js';

const MAX_DEPTH = 200;

/** What an object of one class evaluates to, from its attributes. */
type Evaluate = (self: Attributes, context: PickleContext) => PlainArray;

/** The attributes of a chumpy object, evaluated when they are asked for. */
class Attributes {
  constructor(
    private readonly state: PyDict,
    private readonly className: string,
    private readonly context: PickleContext,
    private readonly depth: number,
  ) {}

  get size(): number {
    return this.state.size;
  }

  raw(name: string): PyValue | undefined {
    return this.state.get(name);
  }

  array(name: string): PlainArray {
    const value = this.raw(name);
    if (value instanceof ChumpyObject) return value.evaluate(this.context, this.depth + 1);
    if (typeof value === 'number') {
      this.context.object(OBJECT_BYTES.array);
      return { dtype: 'float64', shape: [], data: Float64Array.of(value) };
    }
    const array: NumpyArray | undefined = value instanceof NdArray ? value.array(this.context) : undefined;
    if (array === undefined || array.dtype === 'text' || array.dtype === 'object' || array.dtype === 'record') {
      return this.context.fail(`${this.className} has ${nameOf(value)} for its '${name}'`);
    }
    return array;
  }

  floats(name: string): FloatArrayOf {
    const { dtype, shape, data } = this.array(name);
    if (dtype === 'complex64' || dtype === 'complex128')
      return this.context.fail(`${this.className} has complex numbers`);
    if (data instanceof Float64Array) return { shape, data };
    this.context.take(8 * data.length);
    return { shape, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) };
  }

  /** A whole number, or undefined where the attribute is None or missing. */
  integer(name: string): number | undefined {
    const value = this.raw(name) ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    return this.context.fail(`${this.className} has ${nameOf(value)} for its '${name}'`);
  }

  /** Whole numbers in a tuple, a list, an array or alone; undefined where the attribute is None or missing. */
  integers(name: string): readonly number[] | undefined {
    const value = this.raw(name) ?? undefined;
    if (value === undefined) return undefined;
    const numbers = value instanceof NdArray ? this.floats(name).data : undefined;
    if (numbers !== undefined && numbers.length > MAX_DIMENSIONS)
      return this.context.fail(`${this.className} has ${numbers.length} numbers for its '${name}'`);
    const list = numbers !== undefined ? [...numbers] : (integersOf(value) ?? [value]);
    return list.every((item) => typeof item === 'number' && Number.isInteger(item))
      ? (list as number[])
      : this.context.fail(`${this.className} has ${nameOf(value)} for its '${name}'`);
  }
}

/** A chumpy object: an array, or an operation on others. */
export class ChumpyObject extends PyObject {
  private state: PyDict | undefined;
  private known: PlainArray | undefined;
  private busy = false;

  constructor(
    private readonly className: string,
    private readonly compute: Evaluate,
  ) {
    super();
  }

  override build(state: PyValue, context: PickleContext): void {
    if (!(state instanceof PyDict)) return context.fail(`${this.className} has the state ${nameOf(state)}`);
    context.take(state.size); // looking a name up takes as long as there are names
    this.state = state;
    this.known = undefined;
  }

  evaluate(context: PickleContext, depth: number): PlainArray {
    if (this.known !== undefined) return this.known;
    if (this.busy || depth > MAX_DEPTH) {
      return context.fail(this.busy ? `${this.className} contains itself` : 'chumpy objects are nested too deeply');
    }
    if (this.state === undefined) return context.fail(`${this.className} has no attributes`);
    context.object(OBJECT_BYTES.array);
    this.busy = true;
    this.known = this.compute(new Attributes(this.state, this.className, context, depth), context);
    this.busy = false;
    return this.known;
  }

  override plain(_convert: unknown, context: PickleContext): PlainArray {
    return this.evaluate(context, 0);
  }
}

const float64 = ({ shape, data }: FloatArrayOf): PlainArray => ({ dtype: 'float64', shape, data });

function reshape(array: PlainArray, wanted: readonly number[], context: PickleContext): PlainArray {
  const count = elementCount(array.shape)!;
  const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const shape = wanted.map((size) => (size === -1 ? count / known : size));
  const fits = wanted.filter((size) => size === -1).length <= 1 && elementCount(shape) === count;
  return fits
    ? { ...array, shape }
    : context.fail(`an array of ${count} numbers is given the shape [${wanted.join(', ')}]`);
}

/** `a.ravel()[idxs]`, in `preferred_shape` where there is one. */
const select: Evaluate = (self, context) => {
  const { dtype, data } = self.array('a');
  const idxs = self.array('idxs');
  if (dtype === 'complex64' || dtype === 'complex128') return context.fail('a Select has complex numbers');
  context.take(idxs.data.length * data.BYTES_PER_ELEMENT);
  const chosen = new (data.constructor as new (length: number) => typeof data)(idxs.data.length);
  for (let i = 0; i < chosen.length; i++) {
    const index = Number(idxs.data[i]);
    const value = data[index < 0 ? index + data.length : index];
    if (value === undefined) return context.fail(`a Select asks for number ${index} of ${data.length}`);
    chosen[i] = value;
  }
  const array = { dtype, shape: idxs.shape, data: chosen };
  const shape = self.integers('preferred_shape');
  return shape === undefined ? array : reshape(array, shape, context);
};

/** The arrays that the attribute `dterms` lists, one after the other. */
const concatenated: Evaluate = (self, context) => {
  const names = self.raw('dterms');
  if (!Array.isArray(names)) return context.fail('a Concatenate has no list of its parts');
  context.take(names.length * self.size);
  const parts = names.map((name) => self.floats(textOf(name) ?? ''));
  return float64(concatenate(parts, self.integer('axis') ?? 0, context));
};

const binary =
  (first: string, second: string, f: (x: number, y: number) => number): Evaluate =>
  (self, context) =>
    float64(broadcast(self.floats(first), self.floats(second), f, context));

const unary =
  (f: (x: number) => number): Evaluate =>
  (self, context) => {
    const { shape, data } = self.floats('x');
    context.take(8 * data.length);
    return float64({ shape, data: data.map(f) });
  };

/** chumpy gives 0 where a power is infinite. */
const power = (x: number, exponent: number): number => {
  const value = x ** exponent;
  return value === Infinity || value === -Infinity ? 0 : value;
};

const CLASSES: Readonly<Record<string, Evaluate>> = {
  'chumpy.ch.Ch': (self) => self.array('x'),
  'chumpy.reordering.Select': select,
  'chumpy.reordering.Reshape': (self, context) => reshape(self.array('a'), self.integers('newshape') ?? [-1], context),
  'chumpy.reordering.transpose': (self, context) =>
    float64(transpose(self.floats('a'), self.integers('axes'), context)),
  'chumpy.reordering.Concatenate': concatenated,
  'chumpy.ch_ops.add': binary('a', 'b', (x, y) => x + y),
  'chumpy.ch_ops.subtract': binary('a', 'b', (x, y) => x - y),
  'chumpy.ch_ops.multiply': binary('a', 'b', (x, y) => x * y),
  'chumpy.ch_ops.divide': binary('x1', 'x2', (x, y) => x / y),
  'chumpy.ch_ops.power': binary('x', 'pow', power),
  'chumpy.ch_ops.maximum': binary('a', 'b', Math.max),
  'chumpy.ch_ops.minimum': binary('a', 'b', Math.min),
  'chumpy.ch_ops.negative': unary((x) => -x),
  'chumpy.ch_ops.square': unary((x) => x * x),
  'chumpy.ch_ops.sqrt': unary(Math.sqrt),
  'chumpy.ch_ops.sin': unary(Math.sin),
  'chumpy.ch_ops.cos': unary(Math.cos),
  'chumpy.ch_ops.exp': unary(Math.exp),
  'chumpy.ch_ops.log': unary(Math.log),
  'chumpy.ch_ops.sum': (self, context) => float64(sum(self.floats('x'), self.integer('axis'), context)),
  'chumpy.ch_ops.dot': (self, context) => float64(dot(self.floats('a'), self.floats('b'), context)),
};

/** chumpy arrays, what reorders them, and their arithmetic: as they stand in SMPL-family model files. */
export function findChumpy(module: string, name: string): PyGlobal | undefined {
  const fullName = `${module}.${name}`;
  if (!Object.hasOwn(CLASSES, fullName)) return undefined;
  return globalNamed(module, name, () => new ChumpyObject(fullName, CLASSES[fullName]!));
}

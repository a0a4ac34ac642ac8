import { elementCount } from '../core/dtypes.js';
import { type DtypeSpec, type RecordField, specOfTypeCode } from '../numpy/dtype-spec.js';
import type { PickleValue } from '../types.js';
import { integersOf, nameOf, PyDict, PyObject, type PickleContext, type PyValue, textOf } from './py-values.js';

const MAX_NESTING = 16;
const CHARGE_PER_FIELD = 64;

/** `numpy.dtype(code, align, copy)` and the state that follows it. */
export class NumpyDtype extends PyObject {
  private order = '|';
  private size = -1;
  private names: readonly string[] | undefined;
  private fields: PyDict | undefined;
  private base: { dtype: NumpyDtype; shape: readonly number[] } | undefined;
  private nesting = 0;
  private known: DtypeSpec | undefined;

  constructor(readonly code: string) {
    super();
  }

  /** (version, byte order, base and shape, names, fields, item size, alignment, flags, …) */
  override build(state: PyValue, context: PickleContext): void {
    if (!Array.isArray(state) || state.length < 8) return context.fail(`a dtype has the state ${nameOf(state)}`);
    const [, order, base, names, fields, size] = state;
    this.known = undefined;
    this.order = textOf(order) ?? '|';
    this.size = typeof size === 'number' ? size : -1;
    if (Array.isArray(names) && fields instanceof PyDict) {
      context.take(CHARGE_PER_FIELD * names.length + names.length * fields.size);
      this.names = names.map((name) => textOf(name) ?? context.fail(`a field of a dtype is named by ${nameOf(name)}`));
      this.fields = fields;
      for (const entry of fields.entries ?? []) if (Array.isArray(entry)) this.nest(entry[0], context);
    }
    if (Array.isArray(base)) {
      const [dtype, shape] = base;
      const sizes = typeof shape === 'number' ? [shape] : integersOf(shape);
      if (!(dtype instanceof NumpyDtype) || sizes === undefined) return context.fail('a dtype has a malformed base');
      this.nest(dtype, context);
      this.base = { dtype, shape: sizes };
    }
  }

  private nest(inner: PyValue | undefined, context: PickleContext): void {
    if (!(inner instanceof NumpyDtype)) return;
    this.nesting = Math.max(this.nesting, inner.nesting + 1);
    if (inner === this || this.nesting > MAX_NESTING) context.fail('dtypes are nested too deeply');
  }

  /** The element type; shape is that of the element itself ([] unless the dtype is an array of another). */
  element(context: PickleContext): { spec: DtypeSpec; shape: readonly number[] } {
    if (this.base !== undefined) {
      const inner = this.base.dtype.element(context);
      return { spec: inner.spec, shape: [...this.base.shape, ...inner.shape] };
    }
    return { spec: (this.known ??= this.specOf(context)), shape: [] };
  }

  private specOf(context: PickleContext): DtypeSpec {
    if (this.names !== undefined) {
      const fields = this.names.map((name) => this.fieldOf(name, context));
      if (!(this.size > 0)) return context.fail(`a structured dtype has items of ${this.size} bytes`);
      return { kind: 'record', bytes: this.size, fields };
    }
    const code = /^[SUaV]$/.test(this.code) && this.size >= 0 ? `${this.code}${this.textSize()}` : this.code;
    return specOfTypeCode(code, this.order !== '>', context.operation);
  }

  private textSize(): number {
    return this.code === 'U' ? this.size / 4 : this.size;
  }

  private fieldOf(name: string, context: PickleContext): RecordField {
    const entry = this.fields?.get(name);
    const [dtype, offset] = Array.isArray(entry) ? entry : [];
    if (!(dtype instanceof NumpyDtype) || typeof offset !== 'number' || !Number.isInteger(offset)) {
      return context.fail(`field ${JSON.stringify(name)} of a dtype is malformed`);
    }
    const { spec, shape } = dtype.element(context);
    if (elementCount(shape) === undefined)
      context.fail(`field ${JSON.stringify(name)} has the shape [${shape.join(', ')}]`);
    return { name, offset, type: spec, shape };
  }

  /** A dtype on its own is given as its type code, `<f8`. */
  override plain(): PickleValue {
    return `${this.order}${this.code}`;
  }
}

import { OBJECT_BYTES } from '../core/allowance.js';
import {
  PyBytes,
  isGlobal,
  nameOf,
  PyDict,
  PyConstant,
  PySet,
  type PickleContext,
  type PyGlobal,
  type PyValue,
  textOf,
} from './py-values.js';

type Call = NonNullable<PyGlobal['call']>;

function itemsOf(value: PyValue | undefined, what: string, context: PickleContext): readonly PyValue[] {
  const items = value === undefined ? [] : value instanceof PySet ? value.items : value;
  if (!Array.isArray(items)) return context.fail(`${what} is made from ${nameOf(value)}`);
  context.object(OBJECT_BYTES.entry * items.length);
  for (const item of items) context.share(item);
  return items;
}

const makeSet: Call = ([items], context) => {
  const set = new PySet();
  set.addAll([...itemsOf(items, 'a set', context)]);
  return set;
};

const makeOrderedDict: Call = ([pairs], context) => {
  const dict = new PyDict();
  for (const pair of itemsOf(pairs, 'an OrderedDict', context)) {
    if (!Array.isArray(pair) || pair.length !== 2)
      return context.fail('an OrderedDict is made from something else than pairs');
    for (const part of pair) context.share(part);
    dict.set(pair[0]!, pair[1]!);
  }
  return dict;
};

/** Bytes that Python 3 wrote as text, because protocols 0 to 2 have none. */
const encode: Call = ([value, encoding], context) => {
  const text = textOf(value);
  const name = textOf(encoding);
  if (text === undefined || (name !== 'latin1' && name !== 'latin-1')) {
    return context.fail(
      `_codecs.encode is called with ${nameOf(value)} and ${name ?? nameOf(encoding)}, accepted is a text as latin1`,
    );
  }
  context.object(OBJECT_BYTES.bytes);
  context.take(text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return context.fail('_codecs.encode is called with a text that is not Latin-1');
    bytes[i] = code;
  }
  return new PyBytes(bytes, 0, bytes.length, false);
};

const NO_BYTES = new Uint8Array();

const makeBytes: Call = (args, context) => {
  const [first] = args;
  if (first === undefined) return new PyBytes(NO_BYTES, 0, 0, false);
  return first instanceof PyBytes ? first : encode(args, context);
};

const makeComplex: Call = ([re, im], context) =>
  typeof re === 'number' && typeof im === 'number'
    ? new PyConstant({ re, im })
    : context.fail(`a complex number is made from ${nameOf(re)} and ${nameOf(im)}`);

/** `copyreg._reconstructor(class, object, None)` and `copyreg.__newobj__(class, *args)`: a new instance of an allowed class. */
const reconstruct =
  (argumentsOf: (args: readonly PyValue[]) => readonly PyValue[]): Call =>
  (args, context) => {
    const callee = args[0];
    if (!isGlobal(callee) || callee.call === undefined) return context.fail(`an instance of ${nameOf(callee)} is made`);
    return callee.call(argumentsOf(args), context);
  };

/** A global that may be named, and called where `call` is given. */
export function globalNamed(module: string, name: string, call?: Call): PyGlobal {
  return { kind: 'global', name: `${module}.${name}`, ...(call === undefined ? {} : { call }) };
}

const BUILTINS: Readonly<Record<string, Call | undefined>> = {
  set: makeSet,
  frozenset: makeSet,
  bytearray: makeBytes,
  bytes: makeBytes,
  complex: makeComplex,
  object: undefined,
};

const TABLES: Readonly<Record<string, Readonly<Record<string, Call | undefined>>>> = {
  builtins: BUILTINS,
  __builtin__: BUILTINS,
  collections: { OrderedDict: makeOrderedDict },
  _codecs: { encode },
  copyreg: { _reconstructor: reconstruct(() => []), __newobj__: reconstruct((args) => args.slice(1)) },
  copy_reg: { _reconstructor: reconstruct(() => []), __newobj__: reconstruct((args) => args.slice(1)) },
};

/** set, frozenset, bytearray, complex, OrderedDict, and the helpers of the pickle protocols themselves. */
export function findBuiltin(module: string, name: string): PyGlobal | undefined {
  const table = Object.hasOwn(TABLES, module) ? TABLES[module] : undefined;
  return table !== undefined && Object.hasOwn(table, name) ? globalNamed(module, name, table[name]) : undefined;
}

import type { ArrayInput } from '../types.js';
import { pyArray, pyCh, pyCsc, pyDict, type PyInstance, type PyLiteral, type PyModules, pySelect } from './py.js';
import { writePython2Pickle } from './write-python2-pickle.js';

export interface WriteModelPickleOptions extends PyModules {
  /**
   * How `shapedirs` stands in the file: as a `Select` of a wider `Ch` (the default, as in MANO's files), a `Ch`, or a
   * plain array (the files that have been "cleaned" of chumpy).
   */
  readonly shapedirs?: 'select' | 'ch' | 'array' | undefined;
  /** Fields to write as `csc_matrix`. Default ['J_regressor']. */
  readonly sparse?: readonly string[] | undefined;
}

/** The last axis of an array, widened by columns that a Select must leave out again. */
function selectFromWider(array: ArrayInput, modules: PyModules): PyInstance {
  const columns = array.shape.at(-1)!;
  const rows = array.data.length / columns;
  const wide = columns + 2;
  const data = new Float64Array(rows * wide).fill(-77);
  const idxs: number[] = [];
  for (let i = 0; i < array.data.length; i++) {
    const place = Math.floor(i / columns) * wide + (i % columns);
    data[place] = Number(array.data[i]);
    idxs.push(place);
  }
  return pySelect(pyCh({ shape: [...array.shape.slice(0, -1), wide], data }, modules), idxs, array.shape);
}

/**
 * A pickle shaped like the files that MANO and SMPL are distributed in: a Python 2 pickle of protocol 2 with chumpy
 * `shapedirs`, a scipy `csc_matrix`, numpy arrays and `str` texts, with the same classes and opcodes.
 *
 * @param fields arrays and texts by their names in the file; `kintree_table` may be given as Uint32Array or BigInt64Array,
 *   4294967295 for the root's parent
 */
export function writeModelPickle(
  fields: Readonly<Record<string, ArrayInput | string>>,
  options: WriteModelPickleOptions = {},
): Uint8Array {
  const sparse = options.sparse ?? ['J_regressor'];
  const literal = (name: string, field: ArrayInput | string): PyLiteral => {
    if (typeof field === 'string') return field;
    if (sparse.includes(name)) return pyCsc(field, options);
    if (name !== 'shapedirs' || options.shapedirs === 'array') return pyArray(field, options);
    return options.shapedirs === 'ch' ? pyCh(field, options) : selectFromWider(field, options);
  };
  const entries = Object.entries(fields).map(([name, field]) => [name, literal(name, field)] as const);
  return writePython2Pickle(pyDict(Object.fromEntries(entries)));
}

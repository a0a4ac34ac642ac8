import type { Allowance } from '../core/allowance.js';
import type { PickleContext, PyGlobal, PyValue } from './py-values.js';

/** What a pickle may name. */
export interface PickleEnvironment {
  /** The allowed global of this name; undefined refuses the file. */
  readonly find: (module: string, name: string) => PyGlobal | undefined;
  /** What is accepted, for messages. */
  readonly accepted: string;
  /** The object that a persistent id stands for; absent where the format has none. */
  readonly persistent?: (id: PyValue, context: PickleContext) => PyValue;
}

export interface UnpickleOptions {
  readonly operation: string;
  readonly allowance: Allowance;
  readonly environment: PickleEnvironment;
  /** First byte of the pickle. */
  readonly start?: number;
}

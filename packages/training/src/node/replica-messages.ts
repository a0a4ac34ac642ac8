import type { LogRecord } from '../fit/types.js';
import type { AllReduceMemory } from '../parallel/all-reduce.js';
import type { PlainError } from './plain-error.js';

/** What a replica's thread starts from. */
export interface ReplicaStart {
  /** URL of the module that exports `train`. */
  readonly script: string;
  readonly data: unknown;
  readonly rank: number;
  readonly workers: number;
}

/** What a replica tells the thread that started it. */
export type FromReplica =
  /** it calls `fit` and needs a group with room for so many numbers */
  | { readonly kind: 'join'; readonly length: number }
  | { readonly kind: 'log'; readonly record: LogRecord }
  /** `train` has returned; the value is that of rank 0 */
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** What a replica is told. */
export type ToReplica =
  | { readonly kind: 'joined'; readonly memory: AllReduceMemory }
  | { readonly kind: 'stop' }
  /** another replica has failed */
  | { readonly kind: 'ended' };

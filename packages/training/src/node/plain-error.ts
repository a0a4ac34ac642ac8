import {
  ConfigError,
  DatasetError,
  FileFormatError,
  ManoModelError,
  OpposableError,
  ShapeError,
} from '@opposable/tensor-checks';
import { TrainingError } from '../training-error.js';
import { WriteError } from './write-error.js';

/** An error that can be sent to another thread, where its class would be lost. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Errors whose class says what went wrong, by name. */
const CLASSES = { ConfigError, DatasetError, FileFormatError, ManoModelError, ShapeError, WriteError };

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

export function toPlainError(reason: unknown): PlainError {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  const { expected, actual, iteration, terms } = error as Partial<TrainingError>;
  const kept = error instanceof OpposableError ? { expected, actual, iteration, terms } : {};
  const details = Object.fromEntries(Object.entries(kept).filter(([, value]) => isCloneable(value)));
  return { name: error.name, message: error.message, stack: error.stack, details };
}

export function fromPlainError({ name, message, stack, details }: PlainError): Error {
  let error: Error;
  if (name === 'TrainingError') {
    error = new TrainingError(message, details as unknown as ConstructorParameters<typeof TrainingError>[1]);
  } else if (name in CLASSES) {
    error = new CLASSES[name as keyof typeof CLASSES](message, details);
  } else {
    error = new Error(message);
    error.name = name;
  }
  if (stack !== undefined) error.stack = stack;
  return error;
}

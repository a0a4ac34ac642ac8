/** What an error of this project carries beside its sentence. */
export interface ErrorDetails {
  /** What is accepted, in a form a program can read. */
  expected?: unknown;
  /** What was found. */
  actual?: unknown;
  /** The error that led to this one. */
  cause?: unknown;
}

/**
 * Base of every error that the libraries throw on purpose: bad input, never a bug.
 * The message is one sentence with what was found, where, and what is accepted.
 */
export class OpposableError extends Error {
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.expected = details.expected;
    this.actual = details.actual;
  }
}

/** A tensor or array has the wrong shape. */
export class ShapeError extends OpposableError {}

/** An option, a configuration key or a command-line argument is not accepted. */
export class ConfigError extends OpposableError {}

/** The bytes of a file are not what its format demands. */
export class FileFormatError extends OpposableError {}

/** A hand model lacks a field, or a field contradicts the others. */
export class ManoModelError extends OpposableError {}

/** A dataset, one of its records or one of its images cannot be used. */
export class DatasetError extends OpposableError {}

/** What a {@link KeypointOrderError} carries beside its sentence. */
export interface KeypointOrderErrorDetails {
  /** What is accepted, in a form a program can read. */
  readonly expected: unknown;
  /** What was found. */
  readonly actual: unknown;
}

/**
 * Bad input to this package: an unknown order, a wrong number of points.
 * The message is one sentence with what was found, where, and what is accepted.
 */
export class KeypointOrderError extends Error {
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(message: string, details: KeypointOrderErrorDetails) {
    super(message);
    this.name = 'KeypointOrderError';
    this.expected = details.expected;
    this.actual = details.actual;
  }
}

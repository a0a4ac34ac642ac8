import { type ErrorDetails, OpposableError } from '@opposable/tensor-checks';

/** Training cannot go on: a loss or a gradient is not a finite number. */
export class TrainingError extends OpposableError {
  /** Iteration whose numbers were bad, counted from 0. */
  readonly iteration: number;
  /** Loss terms of that iteration. */
  readonly terms: Readonly<Record<string, number>>;

  constructor(message: string, details: ErrorDetails & { iteration: number; terms: Record<string, number> }) {
    super(message, details);
    this.iteration = details.iteration;
    this.terms = details.terms;
  }
}

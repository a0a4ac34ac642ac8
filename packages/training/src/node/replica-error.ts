/** A replica's thread has ended without a result and without an error. */
export class ReplicaError extends Error {
  readonly rank: number;
  readonly exitCode: number;

  constructor(rank: number, workers: number, exitCode: number) {
    super(`dataParallel: worker ${rank} of ${workers} has ended before its training, with exit code ${exitCode}.`);
    this.name = 'ReplicaError';
    this.rank = rank;
    this.exitCode = exitCode;
  }
}

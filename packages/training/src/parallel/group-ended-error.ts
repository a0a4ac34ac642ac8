/** A member of a group has left it, so that the others cannot go on. */
export class GroupEndedError extends Error {
  /** Whether that member failed, rather than having run out of batches. */
  readonly failed: boolean;

  constructor(failed: boolean) {
    super(`allReduce: a member of the group has ${failed ? 'failed' : 'no more batches'}.`);
    this.name = 'GroupEndedError';
    this.failed = failed;
  }
}

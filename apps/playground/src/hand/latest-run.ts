/** Runs an asynchronous task that takes things as they are when its turn comes: a burst of wishes is one or two runs. */
export class LatestRun {
  readonly #run: () => Promise<void>;
  #isWanted = false;
  #running: Promise<void> | undefined;

  /** @param run must not throw */
  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** @returns when a run that began after this call has ended */
  ask(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#runAll();
    return this.#running;
  }

  /** When nothing that was asked for is still to come. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#run();
    }
    this.#running = undefined;
  }
}

import type { Timing } from './types.js';

/** Speed of the loop: of the last log interval, and in all. */
export class Stopwatch {
  private readonly start = performance.now();
  private lapStart = this.start;
  private lapSamples = 0;
  private lapSteps = 0;
  private lapWaiting = 0;
  private allSamples = 0;
  private allWaiting = 0;
  /** Mean seconds of a step over the recent intervals. */
  private pace: number | undefined;

  waited(seconds: number): void {
    this.lapWaiting += seconds;
    this.allWaiting += seconds;
  }

  samples(count: number): void {
    this.lapSamples += count;
    this.allSamples += count;
    this.lapSteps++;
  }

  /** Ends a log interval. */
  lap(stepsLeft: number): { samplesPerSecond: number; waitingShare: number; secondsLeft: number } {
    const now = performance.now();
    const seconds = Math.max(1e-9, (now - this.lapStart) / 1000);
    const pace = seconds / Math.max(1, this.lapSteps);
    this.pace = this.pace === undefined ? pace : 0.7 * this.pace + 0.3 * pace;
    const record = {
      samplesPerSecond: this.lapSamples / seconds,
      waitingShare: Math.min(1, this.lapWaiting / seconds),
      secondsLeft: stepsLeft * this.pace,
    };
    this.lapStart = now;
    this.lapSamples = 0;
    this.lapSteps = 0;
    this.lapWaiting = 0;
    return record;
  }

  total(): Timing {
    const seconds = (performance.now() - this.start) / 1000;
    return {
      seconds,
      waitingSeconds: this.allWaiting,
      samples: this.allSamples,
      samplesPerSecond: this.allSamples / Math.max(1e-9, seconds),
    };
  }
}

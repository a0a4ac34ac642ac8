import {
  type AdaptiveSchedule,
  isAdaptive,
  type IterationLosses,
  type ScheduleState,
  type ScheduleStates,
} from './adaptive.js';
import { type Schedule, toSchedule } from './schedule.js';

export type AnySchedule = number | Schedule | AdaptiveSchedule;

/** All schedules of a run with the states of the adaptive ones. */
export class ScheduleSet {
  private readonly entries: { name: string; schedule: AnySchedule; state: ScheduleState | undefined }[];
  private readonly rate: { schedule: AnySchedule; state: ScheduleState | undefined };

  constructor(learningRate: AnySchedule, weights: Readonly<Record<string, AnySchedule>>, states: ScheduleStates = {}) {
    const begin = (schedule: AnySchedule, given: ScheduleState | undefined) => ({
      schedule,
      state: isAdaptive(schedule) ? (given ?? schedule.init()) : undefined,
    });
    this.rate = begin(learningRate, states.learningRate);
    this.entries = Object.entries(weights).map(([name, schedule]) => ({
      name,
      ...begin(schedule, states.weights?.[name]),
    }));
  }

  /** Whether a value depends on the loss, which must then be known after every iteration. */
  get adapts(): boolean {
    return [this.rate, ...this.entries].some(({ schedule }) => isAdaptive(schedule));
  }

  learningRate(iteration: number): number {
    return valueOf(this.rate, iteration);
  }

  weights(iteration: number): Record<string, number> {
    return Object.fromEntries(this.entries.map((entry) => [entry.name, valueOf(entry, iteration)]));
  }

  update(losses: IterationLosses): void {
    for (const entry of [this.rate, ...this.entries]) {
      if (isAdaptive(entry.schedule)) entry.state = entry.schedule.update(entry.state!, losses);
    }
  }

  states(): ScheduleStates {
    const weights = this.entries.filter(({ state }) => state !== undefined).map(({ name, state }) => [name, state!]);
    return {
      ...(this.rate.state === undefined ? {} : { learningRate: this.rate.state }),
      ...(weights.length === 0 ? {} : { weights: Object.fromEntries(weights) as Record<string, ScheduleState> }),
    };
  }
}

function valueOf({ schedule, state }: { schedule: AnySchedule; state: ScheduleState | undefined }, iteration: number) {
  return isAdaptive(schedule) ? schedule.value(state!, iteration) : toSchedule(schedule)(iteration);
}

import type { Schedule } from './schedule.js';

/** Loss and terms of one iteration. */
export interface IterationLosses {
  readonly total: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** What an adaptive schedule remembers: plain numbers, so that it can stand in a checkpoint. */
export type ScheduleState = Readonly<Record<string, number | null>>;

/** The states of a run's adaptive schedules: of the learning rate, and of loss weights by name. */
export interface ScheduleStates {
  readonly learningRate?: ScheduleState;
  readonly weights?: Readonly<Record<string, ScheduleState>>;
}

/** A number for every iteration that also depends on how the loss has gone. State goes in and comes out. */
export interface AdaptiveSchedule {
  init(): ScheduleState;
  /** @param iteration counted from 0 */
  value(state: ScheduleState, iteration: number): number;
  /** The state after one more iteration. */
  update(state: ScheduleState, losses: IterationLosses): ScheduleState;
}

export function isAdaptive(value: number | Schedule | AdaptiveSchedule): value is AdaptiveSchedule {
  return typeof value === 'object';
}

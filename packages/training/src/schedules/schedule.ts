/** A number for every iteration, counted from 0: a learning rate or the weight of a loss term. */
export type Schedule = (iteration: number) => number;

/** A schedule from a number or a schedule. */
export function toSchedule(value: number | Schedule): Schedule {
  return typeof value === 'function' ? value : constant(value);
}

/** The same number at every iteration. */
export function constant(value: number): Schedule {
  return () => value;
}

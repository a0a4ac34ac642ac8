import type { TextStream } from '@opposable/training';

/**
 * Progress of a long count: a line per tenth.
 *
 * @param quietFor seconds in which nothing is said, for work that is mostly short
 * @param now milliseconds of a clock
 */
export function tenths(
  stream: TextStream,
  label: string,
  { quietFor = 0, now = () => performance.now() }: { quietFor?: number; now?: () => number } = {},
): (progress: { done: number; total: number }) => void {
  const start = now();
  let last = 0;
  return ({ done, total }) => {
    const tenth = Math.floor((10 * done) / total);
    if (tenth > last && now() - start >= 1000 * quietFor) stream.write(`${label}: ${done} of ${total}\n`);
    last = Math.max(last, tenth);
  };
}

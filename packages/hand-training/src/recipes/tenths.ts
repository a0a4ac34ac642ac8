import type { TextStream } from '@opposable/training';

/** Progress of a long count: a line per tenth. */
export function tenths(stream: TextStream, label: string): (progress: { done: number; total: number }) => void {
  let last = 0;
  return ({ done, total }) => {
    const tenth = Math.floor((10 * done) / total);
    if (tenth > last) stream.write(`${label}: ${done} of ${total}\n`);
    last = Math.max(last, tenth);
  };
}

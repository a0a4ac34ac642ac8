import type { TextStream } from '@opposable/training';

interface Work {
  readonly done: number;
  readonly total: number;
  /** Of those done, what had been done before this run. */
  readonly resumed?: number;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/**
 * Progress of countable work with speed and time left: one line rewritten in place on a terminal, a line per tenth
 * elsewhere.
 *
 * @param unit what is counted, for example 'samples'
 * @param now milliseconds of a clock
 */
export function workProgress(
  stream: TextStream,
  label: string,
  unit: string,
  now: () => number = () => performance.now(),
): { update(work: Work): void; end(): void } {
  const start = now();
  let tenth = 0;
  let open = false;
  return {
    update({ done, total, resumed = 0 }) {
      const fresh = done - resumed;
      const rate = fresh / Math.max(1e-3, (now() - start) / 1000);
      const left = rate > 0 ? `, ${Math.round(rate)} ${unit}/s, ${duration((total - done) / rate)} left` : '';
      const line = `${label}: ${done} of ${total}${left}`;
      if (stream.isTTY === true) {
        stream.write(`\r\u001b[2K${line.slice(0, Math.max(20, stream.columns ?? 80) - 1)}`);
        open = true;
        return;
      }
      const reached = Math.floor((10 * done) / Math.max(1, total));
      if (reached > tenth) stream.write(`${line}\n`);
      tenth = Math.max(tenth, reached);
    },
    end() {
      if (open) stream.write('\n');
      open = false;
    },
  };
}

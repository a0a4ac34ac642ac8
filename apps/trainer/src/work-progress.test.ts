import { workProgress } from './work-progress.js';

describe('workProgress', () => {
  const collect = (isTTY: boolean) => {
    const lines: string[] = [];
    let clock = 0;
    const stream = { isTTY, columns: 60, write: (text: string) => lines.push(text) };
    const progress = workProgress(stream, 'preparing', 'samples', () => clock);
    return { lines, progress, wait: (seconds: number) => (clock += 1000 * seconds) };
  };

  it('writes a line per tenth with speed and time left where there is no terminal', () => {
    const { lines, progress, wait } = collect(false);
    for (let done = 50; done <= 1000; done += 50) {
      wait(1);
      progress.update({ done, total: 1000 });
    }
    progress.end();
    expect(lines).toHaveLength(10);
    expect(lines[4]).toBe('preparing: 500 of 1000, 50 samples/s, 10 s left\n');
  });

  it('does not count what an earlier run has done into the speed', () => {
    const { lines, progress, wait } = collect(false);
    wait(10);
    progress.update({ done: 600, total: 6600, resumed: 500 });
    progress.update({ done: 900, total: 6600, resumed: 500 });
    expect(lines).toEqual(['preparing: 900 of 6600, 40 samples/s, 2 min 23 s left\n']);
  });

  it('rewrites one line on a terminal', () => {
    const { lines, progress, wait } = collect(true);
    wait(1);
    progress.update({ done: 1, total: 3 });
    progress.update({ done: 2, total: 3 });
    progress.end();
    expect(lines.slice(0, 2).every((line) => line.startsWith('\r\u001b[2Kpreparing: '))).toBe(true);
    expect(lines[2]).toBe('\n');
  });
});

import { tenths } from './tenths.js';

describe('tenths', () => {
  const collect = () => {
    const lines: string[] = [];
    return { lines, stream: { write: (text: string) => lines.push(text) > 0 } };
  };

  it('writes a line when a further tenth is done', () => {
    const { lines, stream } = collect();
    const update = tenths(stream, 'reading');
    for (let done = 1; done <= 25; done++) update({ done, total: 50 });
    expect(lines).toEqual([5, 10, 15, 20, 25].map((done) => `reading: ${done} of 50\n`));
  });

  it('says nothing as long as it is to be quiet, and nothing of the tenths of that time afterwards', () => {
    const { lines, stream } = collect();
    let time = 1000;
    const update = tenths(stream, 'reading', { quietFor: 3, now: () => time });
    for (let done = 1; done <= 5; done++) {
      time += 900;
      update({ done, total: 10 });
    }
    expect(lines).toEqual(['reading: 4 of 10\n', 'reading: 5 of 10\n']);
  });
});

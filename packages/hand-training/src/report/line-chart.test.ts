import { lineChart } from './line-chart.js';

describe('lineChart', () => {
  it('draws one path per series and names both axes', async () => {
    const svg = await lineChart({
      title: 'Loss',
      xTitle: 'iteration',
      yTitle: 'loss',
      series: [
        { name: 'total', points: [[0, 4], [1, 2], [2, 1]] }, // prettier-ignore
        { name: '2D', points: [[0, 3], [1, NaN], [2, 2]] }, // prettier-ignore
      ],
    });
    expect(svg.startsWith('<svg')).toBe(true);
    for (const text of ['Loss', 'iteration', 'loss', 'total', '2D']) expect(svg).toContain(`>${text}<`);
    expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(2);
    expect(svg).not.toContain('NaN');
  });

  it('leaves out what a logarithmic axis cannot show', async () => {
    const svg = await lineChart({
      title: 't',
      xTitle: 'x',
      yTitle: 'y',
      logarithmic: true,
      series: [{ name: 'a', points: [[0, 0], [1, 10], [2, 100]] }], // prettier-ignore
    });
    expect(svg).not.toMatch(/Infinity|NaN/);
  });
});

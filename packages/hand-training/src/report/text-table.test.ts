import { textTable } from './text-table.js';

describe('textTable', () => {
  it('aligns the first column left and numbers right, with a rule under the headings', () => {
    expect(
      textTable([
        ['', '2D px', 'PA mm'],
        ['mean hand', '60.1', '18.25'],
        ['trained', '9.0', '7.1'],
      ]),
    ).toBe(
      ['           2D px  PA mm', '───────────────────────', 'mean hand   60.1  18.25', 'trained      9.0    7.1'].join(
        '\n',
      ),
    );
  });
});

import { htmlReport } from './html-report.js';

describe('htmlReport', () => {
  it('escapes text, embeds pictures and refers to nothing outside itself', () => {
    const html = htmlReport('A <b> & "c"', [
      { kind: 'heading', text: '1 < 2' },
      { kind: 'table', rows: [['', 'x'], ['a', '<i>']] }, // prettier-ignore
      { kind: 'svg', svg: '<svg id="one"></svg>' },
      { kind: 'svg', svg: '<svg id="two"></svg>' },
      { kind: 'png', bytes: new Uint8Array([1, 2, 3]), caption: "it's" },
    ]);
    expect(html).toContain('<title>A &lt;b&gt; &amp; &quot;c&quot;</title>');
    expect(html).toContain('<h2>1 &lt; 2</h2>');
    expect(html).toContain('<td>&lt;i&gt;</td>');
    expect(html).toContain('<div class="row"><svg id="one"></svg><svg id="two"></svg></div>');
    expect(html).toContain('src="data:image/png;base64,AQID"');
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
  });
});

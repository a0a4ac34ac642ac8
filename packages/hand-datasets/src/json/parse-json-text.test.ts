import { parseJsonText } from './parse-json-text.js';

describe('parseJsonText', () => {
  it('takes JSON as it is', () => {
    expect(parseJsonText('{"a": [1, -2.5e3, null], "b": "NaN"}')).toEqual({ a: [1, -2500, null], b: 'NaN' });
  });

  it('takes Python’s bare NaN and infinities for null, but not those in texts', () => {
    const text = '{"NaN": [NaN, -Infinity, Infinity, 1], "say \\"NaN\\"": "-Infinity, NaN"}';
    expect(parseJsonText(text)).toEqual({ NaN: [null, null, null, 1], 'say "NaN"': '-Infinity, NaN' });
  });

  it('refuses what is not JSON otherwise', () => {
    expect(() => parseJsonText('[NaN, nil]')).toThrow(SyntaxError);
    expect(() => parseJsonText('[1,')).toThrow(SyntaxError);
  });
});

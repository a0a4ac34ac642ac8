import { createRng } from '@opposable/tensor-checks';
import { CompactKeys } from './compact-keys.js';

describe('CompactKeys', () => {
  it('numbers texts like a Map, in any order and with any characters', () => {
    const rng = createRng('compact-keys');
    const keys = new CompactKeys();
    const map = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      const text = ['', '\u{1f600}', 'interhand/', 'é'][rng.integer(0, 3)]! + String(rng.integer(0, 30_000));
      const known = map.get(text);
      expect(keys.indexOf(text)).toBe(known ?? -1);
      expect(keys.add(text)).toBe(known === undefined ? map.size : -1);
      if (known === undefined) map.set(text, map.size);
    }
    expect(keys.size).toBe(map.size);
    for (const [text, index] of map) if (keys.indexOf(text) !== index) throw new Error(text);
  });

  it('tells apart four hundred thousand ids that differ in a digit or two', () => {
    const keys = new CompactKeys();
    let same = 0;
    for (let i = 0; i < 200_000; i++) {
      for (const side of ['left', 'right']) if (keys.add(`interhand/train/${i}/${side}`) < 0) same++;
    }
    expect(same).toBe(0);
  });
});

import { anatomicalName, fingerOf } from './joint-name.js';

describe('joint names', () => {
  it('translates to anatomy, the thumb one joint nearer the wrist than the fingers', () => {
    expect((['thumb1', 'thumb2', 'thumb3', 'thumb4'] as const).map(anatomicalName)).toEqual([
      'thumb CMC',
      'thumb MCP',
      'thumb IP',
      'thumb tip',
    ]);
    expect((['ring1', 'ring2', 'ring3', 'ring4'] as const).map(anatomicalName)).toEqual([
      'ring MCP',
      'ring PIP',
      'ring DIP',
      'ring tip',
    ]);
    expect(anatomicalName('wrist')).toBe('wrist');
    expect(anatomicalName('palm')).toBe('palm centre');
  });

  it('knows the finger of a joint', () => {
    expect(fingerOf('index3')).toBe('index');
    expect(fingerOf('wrist')).toBeUndefined();
    expect(fingerOf('palm')).toBeUndefined();
  });
});

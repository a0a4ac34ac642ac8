import { settingLeaves, withLeaf } from '../test-support/setting-leaves.js';
import { BACKGROUND_RANGES } from './background.js';
import { LIGHTING_RANGES } from './lighting.js';
import { SYNTHESIS_PRESETS } from './presets.js';
import { resolveSettings } from './synthesis-options.js';

const refusal = (settings: object): string => {
  try {
    resolveSettings(settings);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

/** Every preset, and the presets with every kind of lighting and background as a block of ranges. */
const WHOLE: readonly (readonly [string, object])[] = [
  ...Object.entries(SYNTHESIS_PRESETS),
  ...Object.entries(LIGHTING_RANGES).map(
    ([kind, ranges]) => [`lighting ${kind}`, { lighting: { kind, ...ranges } }] as const,
  ),
  ...Object.entries(BACKGROUND_RANGES).map(
    ([kind, ranges]) => [`background ${kind}`, { background: { kind, ...ranges } }] as const,
  ),
];

describe.each(WHOLE)('settings of %s', (_name, settings) => {
  const leaves = settingLeaves(settings);

  it('are accepted as they are', () => {
    expect(refusal(settings)).toBe('accepted');
  });

  it.each(leaves)('refuse another kind of value for %s, by its name and in one sentence', (path) => {
    for (const value of ['hare', null, [1, 2, 3]]) {
      const message = refusal(withLeaf(settings, path, value));
      expect(message).toContain(`synthesizeHand: expected ${path} `);
      expect(message.match(/\.(\s|$)/g)).toHaveLength(1);
    }
  });

  it.each(leaves.filter(([, value]) => Array.isArray(value)))('refuse a range the wrong way round for %s', (path) => {
    expect(refusal(withLeaf(settings, path, [1, 0]))).toContain(`expected ${path} as [minimum, maximum]`);
    expect(refusal(withLeaf(settings, path, [0, Infinity]))).toContain(`expected ${path} as [minimum, maximum]`);
  });

  it('refuse keys that there are not, in every block', () => {
    const blocks = new Set(
      leaves.map(([path]) => path.split('.').slice(0, -1).join('.')).filter((path) => path !== ''),
    );
    for (const block of blocks) {
      const message = refusal(withLeaf(settings, `${block}.hare`, 1));
      expect(message).toMatch(
        block === 'pose.mixture' ? 'expected pose.mixture with' : `expected keys of ${block} among`,
      );
      expect(message).toContain('got hare.');
    }
  });
});

describe('settings', () => {
  it('refuse keys and kinds that there are not', () => {
    expect(refusal({ hare: 1 })).toContain('synthesizeHand: expected settings among ');
    expect(refusal({ hare: 1 })).toContain('got hare.');
    expect(refusal({ lighting: { kind: 'head' } })).toContain(
      'expected lighting.kind as front, random or room, got head.',
    );
    expect(refusal({ lighting: { kind: 'front', others: { count: [0, 1] } } })).toContain('expected keys of lighting among kind, ambient, lamp, got others.'); // prettier-ignore
    expect(refusal({ background: { kind: 'sea' } })).toContain('expected background.kind as varied, plain or scene');
    expect(refusal({ background: { kind: 'plain', spots: [0.5, 2] } })).toContain('expected background.spots as [minimum, maximum] of integers in 0 … 100, got [0.5, 2].'); // prettier-ignore
    expect(refusal({ skin: 3 })).toContain('expected skin as a block with keys among typologyAngle,');
  });
});

import { readFileSync } from 'node:fs';
import { settingLeaves, withLeaf } from '../test-support/setting-leaves.js';
import { BACKGROUND_RANGES } from './background.js';
import { LIGHTING_RANGES } from './lighting.js';
import { SYNTHESIS_PRESETS } from './presets.js';
import { resolveSettings } from './synthesis-options.js';

const page = readFileSync(new URL('../../../../docs/synthesis-settings.md', import.meta.url), 'utf8');
const sections = new Map(page.split(/^##+ /m).map((section) => [section.split('\n')[0]!, section]));

/** Cells of the rows of a table whose first cell is code. */
const rowsOf = (section: string): string[][] =>
  [...sections.get(section)!.matchAll(/^\| (`.*) \|$/gm)].map(([, row]) =>
    row!.split(' | ').map((cell) => cell.trim()),
  );

const shown = (value: unknown): string => {
  if (value === undefined) return '–';
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? `\`${value}\`` : `[${(value as number[]).join(', ')}]`;
};

const TABLES = [
  ['All keys', SYNTHESIS_PRESETS, (settings: object) => settings],
  ['Lighting', LIGHTING_RANGES, (ranges: object, kind: string) => ({ lighting: { kind, ...ranges } })],
  ['Backgrounds', BACKGROUND_RANGES, (ranges: object, kind: string) => ({ background: { kind, ...ranges } })],
] as const;

describe('the reference of settings', () => {
  it.each(TABLES)('%s: has every key with the values of the code, and no other', (section, columns) => {
    const flat = Object.values(columns).map((settings) => new Map(settingLeaves(settings)));
    const rows = rowsOf(section);
    const names = new Set(flat.flatMap((column) => [...column.keys()]));
    const expected = [...names].filter((name) => !name.startsWith('pose.mixture.'));
    expect(rows.map(([key]) => key).sort()).toEqual(expected.map((name) => `\`${name}\``).sort());
    for (const [key, , ...cells] of rows) {
      const path = key!.slice(1, -1);
      expect([path, ...cells.slice(0, flat.length)]).toEqual([path, ...flat.map((column) => shown(column.get(path)))]);
    }
  });

  it('has the weights of the shapes', () => {
    const rows = rowsOf('Shapes of `pose.mixture`');
    const { mixture } = SYNTHESIS_PRESETS.realistic.pose;
    expect(rows).toEqual(
      Object.entries(mixture).map(([shape, weight]) => [`\`pose.mixture.${shape}\``, String(weight)]),
    );
  });

  it.each(TABLES)('%s: says the limits at which values are refused', (section, columns, wrap) => {
    let limits = 0;
    for (const [key, accepted] of rowsOf(section)) {
      const path = key!.slice(1, -1);
      const found = Object.entries(columns).find(([, own]) => settingLeaves(own).some(([name]) => name === path));
      const [kind, own] = found as unknown as [string, object];
      const value = new Map(settingLeaves(own)).get(path);
      const isRange = Array.isArray(value);
      const make = (change: unknown) => () => resolveSettings(wrap(withLeaf(own, path, change), kind));
      const [, low, high] = /(-?[\d.]+) … (-?[\d.]+)/.exec(accepted!) ?? /from ([\d.]+)/.exec(accepted!) ?? [];
      if (low === undefined) continue;
      limits++;
      const [least, most] = [Number(low), high === undefined ? undefined : Number(high)];
      const at = (end: number) => (isRange ? [end, end] : end);
      expect(make(at(least))).not.toThrow();
      expect(make(at(least - 1))).toThrow(path);
      if (most === undefined) continue;
      expect(make(at(most))).not.toThrow();
      expect(make(at(most + 1))).toThrow(path);
    }
    expect(limits).toBeGreaterThan(4);
  });
});

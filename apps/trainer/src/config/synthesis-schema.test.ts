import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKGROUND_RANGES, LIGHTING_RANGES, SYNTHESIS_PRESETS } from '@opposable/hand-synthesis';
import { loadConfig } from './load-config.js';
import { synthesizeSchema } from './synthesis-schema.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synthesis-schema-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const load = async (text: string) => {
  const path = join(folder, 'config.yaml');
  await writeFile(path, text);
  return loadConfig(path, synthesizeSchema);
};

describe('the configuration of synthetic hands', () => {
  it('takes every setting that a preset has, as it stands there', () => {
    for (const [preset, settings] of Object.entries(SYNTHESIS_PRESETS)) {
      expect(synthesizeSchema.parse({ preset, ...settings })).toEqual({ preset, ...settings });
    }
  });

  it('takes every range of a kind of lighting and of background, whole and in part', () => {
    for (const [name, kinds] of Object.entries({ lighting: LIGHTING_RANGES, background: BACKGROUND_RANGES })) {
      for (const [kind, ranges] of Object.entries(kinds) as [string, object][]) {
        for (const given of [
          ranges,
          {},
          ...Object.entries(ranges).map(([key, value]) => ({ [key]: value as unknown })),
        ]) {
          const setting = { [name]: { kind, ...given } };
          expect(synthesizeSchema.parse(setting)).toEqual({ preset: 'realistic', ...setting });
        }
      }
    }
  });

  it('takes the example of the reference', async () => {
    const page = await readFile(new URL('../../../../docs/synthesis-settings.md', import.meta.url), 'utf8');
    const [, example] = /```yaml\n([^`]*)```/.exec(page)!;
    const config = await load(example!);
    expect(config.lighting).toEqual({
      kind: 'room',
      lamp: { strength: [0.5, 0.95], shadow: { probability: 1 } },
      others: { count: [0, 0] },
    });
    expect(config.skin?.hair?.count).toEqual([100, 400]);
  });

  it('takes blocks in part, and nothing at all', async () => {
    const config = await load('occluder: { probability: 0.5 }\neffects:\n  jpeg: { quality: [20, 30] }\n');
    expect(config).toEqual({ preset: 'realistic', occluder: { probability: 0.5 }, effects: { jpeg: { quality: [20, 30] } } }); // prettier-ignore
    expect(synthesizeSchema.parse({})).toEqual({ preset: 'realistic' });
  });

  it.each([
    ['hans: 1', ['unknown key hans', 'accepted: preset']],
    ['occluder: { probability: 2 }', ['occluder.probability', 'got 2']],
    ['preset: pretty', ['preset', 'got "pretty"']],
    ['noise: [3, 1]', ['noise', '[minimum, maximum]']],
    ['effects: { fog: 1 }', ['unknown key effects.fog']],
    ['rotation: { mode: box }', ['rotation.maxDegrees']],
    ['lighting: { kind: room, moon: 1 }', ['unknown key lighting.moon']],
    ['lighting: { kind: room, lamp: { moon: 1 } }', ['unknown key lighting.lamp.moon (accepted: strength, tint, leastCosine, dim, shadow)']], // prettier-ignore
    ['lighting: { kind: room, lamp: { strength: [2, 1] } }', ['lighting.lamp.strength', '[minimum, maximum]']],
    ['background: { kind: sea }', ['background: expected one of', '"scene"', 'sea']],
    ['background: fog', ['background']],
    ['skin: { hair: { colour: red } }', ['unknown key skin.hair.colour']],
    ['secondHand: { behindShare: 1.5 }', ['secondHand.behindShare', 'got 1.5']],
  ])('names what is wrong in "%s"', async (text, parts) => {
    const message = await load(text).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
    for (const part of parts) expect(message).toContain(part);
  });
});

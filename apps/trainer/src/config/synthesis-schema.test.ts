import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYNTHESIS_PRESETS } from '@opposable/hand-synthesis';
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
  ])('names what is wrong in "%s"', async (text, parts) => {
    const message = await load(text).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
    for (const part of parts) expect(message).toContain(part);
  });
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { writeSafetensors } from '@opposable/array-files';
import { decodePng } from '@opposable/drawing';
import { createProgram } from '../program.js';

let folder: string;
let said = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-render-'));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (said += String(text)) !== '');
});
beforeEach(() => (said = ''));
afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const render = (mesh: string, out: string, ...words: string[]) =>
  createProgram(new AbortController().signal).parseAsync([
    ...['node', 'opposable', 'render', mesh, '--out', join(folder, out)],
    ...words,
  ]);

const BOX = [0, 1].flatMap((z) => [0, 1].flatMap((y) => [0, 1].map((x) => [x, 2 * y, z])));
const OBJ = `${BOX.map((v) => `v ${v.join(' ')}`).join('\n')}\nf 1 3 4 2\nf 5 6 8 7\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6\n`;

/** Share of the pixels of a sheet that are neither its background nor paper. */
async function drawn(path: string): Promise<number> {
  const { data } = decodePng(await readFile(path));
  let count = 0;
  for (let i = 0; i < data.length; i += 3) if (data[i]! > 60 && data[i]! < 235) count++;
  return count / (data.length / 3);
}

describe('opposable render', () => {
  it('draws an OBJ file from all around', async () => {
    await writeFile(join(folder, 'box.obj'), OBJ);
    await render(join(folder, 'box.obj'), 'box', '--views', '3', '--size', '64');
    expect(said).toContain('box.obj: 8 vertices, 12 faces');
    const sheet = decodePng(await readFile(join(folder, 'box/turntable.png')));
    expect(sheet.width).toBeGreaterThan(3 * 64);
    expect(await drawn(join(folder, 'box/turntable.png'))).toBeGreaterThan(0.1);
    expect(await drawn(join(folder, 'box/outputs.png'))).toBeGreaterThan(0.1);
  });

  it('draws the template of a model file, and the open hand', async () => {
    const model = {
      v_template: { shape: [8, 3], data: Float32Array.from(BOX.flat()) },
      f: { shape: [2, 3], data: Int32Array.of(0, 1, 2, 1, 3, 2) },
      weights: { shape: [8, 2], data: Float32Array.from({ length: 16 }, (_, i) => i % 2) },
    };
    await writeFile(join(folder, 'model.safetensors'), writeSafetensors(model));
    await render(join(folder, 'model.safetensors'), 'model', '--views', '1', '--size', '32');
    expect(said).toContain('8 vertices, 2 faces');
    await render('open-hand', 'hand', '--views', '2', '--size', '64');
    expect(await drawn(join(folder, 'hand/turntable.png'))).toBeGreaterThan(0.015);
  });

  it('says what is wrong and writes nothing', async () => {
    await writeFile(join(folder, 'bad.obj'), 'v 0 0 0\nf 1 2 3\n');
    await expect(render(join(folder, 'bad.obj'), 'bad')).rejects.toThrow(
      'bad.obj: expected faces to name vertices 1 … 1, got 2.',
    );
    await writeFile(join(folder, 'other.json'), '{"a": 1}');
    await expect(render(join(folder, 'other.json'), 'bad')).rejects.toThrow(
      'expected a GLB, OBJ or PLY file, or a model with v_template [V, 3] and f [F, 3], found neither.',
    );
    await expect(render(join(folder, 'missing.obj'), 'bad')).rejects.toThrow('there is no such file');
    await expect(stat(join(folder, 'bad'))).rejects.toThrow('ENOENT');
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from '@opposable/array-files';
import { createHandRegressor, torchWeights } from '@opposable/hand-regressor';
import { prepareBackend } from '@opposable/training';
import { startRun } from './start-run.js';

let folder: string;
beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  [3, 'conv1.weight', 'conv11.weight'],
  [24, 'conv11.weight', 'conv1.weight'],
] as const)(
  'startRun takes a network of 3dhand’s layout whole, with the stem of its %i channels, pooling and output scale',
  async (channels, stem, otherStem) => {
    const layout = { encoder: 'resnet18', inputSize: 224, channels } as const;
    const other = createHandRegressor(layout);
    const weights = await torchWeights(other);
    other.dispose();
    const bias = Float32Array.from({ length: 22 }, (_, i) => i / 10);
    weights.set('fc.bias', { shape: [22], data: bias });
    const stemOf = (count: number, value: number) => ({
      shape: [64, count, 7, 7],
      data: new Float32Array(64 * count * 49).fill(value),
    });
    weights.set(stem, stemOf(channels, 0.5));
    weights.set(otherStem, stemOf(27 - channels, 0));
    const named = [...weights].map(([name, tensor]) => [`module.${name}`, tensor] as const);
    const pretrained = join(folder, '3dhand.safetensors');
    await writeFile(pretrained, writeSafetensors(Object.fromEntries(named)));
    const lines: string[] = [];
    const run = await startRun({ ...layout, pretrained }, 1, (line) => lines.push(line));
    expect(lines).toEqual([
      `${pretrained}: 3dhand's layout, 102 tensors loaded, nothing left random, 1 not used; input normalisation "unit".`,
    ]);
    expect(run.info.network).toEqual({
      ...layout,
      ...{ inputNormalization: 'unit', pooling: '3dhand', outputScale: '3dhand' },
    });
    const mine = await torchWeights(run.model);
    expect(mine.get('fc.bias')!.data).toEqual(bias);
    expect(mine.get('conv1.weight')!.data.every((value) => value === 0.5)).toBe(true);
    run.dispose();
  },
  120_000,
);

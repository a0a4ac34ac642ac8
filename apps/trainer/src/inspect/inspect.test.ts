import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeArrays, writeNpz, writeSafetensors } from '@opposable/array-files';
import { writeModelPickle } from '@opposable/array-files/testing';
import { negateShapeX } from '@opposable/mano-layer/conventions';
import { manoModelFromArrays, manoModelToArrays } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import { convertCommand } from '../commands/convert.js';
import { arraysInJson } from './json-arrays.js';
import { printDescription } from './print-description.js';
import { type Input, readInput } from './read-input.js';
import { recognise } from './recognise.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-inspect-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, bytes: Uint8Array | string): Promise<Input> {
  await writeFile(join(folder, name), bytes);
  return readInput(join(folder, name));
}
const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

/** A hand with as many vertices and triangles as MANO: vertices of the open hand, each joint at one of them. */
function manoSized(side: 'left' | 'right') {
  const hand = loadOpenHand(side);
  const kept = Array.from({ length: 778 }, (_, i) => Math.floor((i * hand.vertexCount) / 778));
  const rows = (data: ArrayLike<number>, width: number) =>
    Float64Array.from(kept.flatMap((v) => Array.from({ length: width }, (_, k) => data[v * width + k]!)));
  const vTemplate = rows(hand.vTemplate, 3);
  const jRegressor = new Float64Array(16 * 778);
  for (let j = 0; j < 16; j++) {
    const joint = [0, 1, 2].map((i) => {
      let sum = 0;
      for (let v = 0; v < hand.vertexCount; v++)
        sum += hand.jRegressor[j * hand.vertexCount + v]! * hand.vTemplate[v * 3 + i]!;
      return sum;
    });
    const distance = (v: number) => Math.hypot(...joint.map((x, i) => x - vTemplate[v * 3 + i]!));
    jRegressor[j * 778 + kept.reduce((best, _, v) => (distance(v) < distance(best) ? v : best), 0)] = 1;
  }
  const { kintree_table, hands_components, hands_mean } = manoModelToArrays(hand);
  const faces = Uint32Array.from({ length: 1538 * 3 }, (_, i) => (Math.floor(i / 3) + (i % 3)) % 778);
  return {
    v_template: { shape: [778, 3], data: vTemplate },
    shapedirs: { shape: [778, 3, 10], data: rows(hand.shapeDirs, 30) },
    posedirs: { shape: [778, 3, 135], data: rows(hand.poseDirs, 405) },
    weights: { shape: [778, 16], data: rows(hand.lbsWeights, 16) },
    J_regressor: { shape: [16, 778], data: jRegressor },
    f: { shape: [1538, 3], data: faces },
    kintree_table: kintree_table!,
    hands_components: hands_components!,
    hands_mean: hands_mean!,
  };
}
const pickled = (side: 'left' | 'right', withBug = false): Uint8Array => {
  const fields = manoSized(side);
  const model = manoModelFromArrays(fields, { side });
  const shapedirs = { shape: [778, 3, 10], data: withBug ? negateShapeX(model).shapeDirs : model.shapeDirs };
  return writeModelPickle({ ...fields, shapedirs, bs_style: 'lbs' }, { shapedirs: 'select' });
};

describe('recognise', () => {
  const mano = '778 vertices, 16 joints, 10 shape directions';
  it.each([
    ['right', false, `MANO right, ${mano}, chumpy shapedirs`],
    ['left', true, `MANO left, ${mano}, chumpy shapedirs, left-hand bug present`],
    ['left', false, `MANO left, ${mano}, chumpy shapedirs, left-hand bug absent`],
  ] as const)('knows a %s hand of MANO and the state of its shape directions', async (side, withBug, said) => {
    expect(await recognise(await put('mano.pkl', pickled(side, withBug)))).toBe(said);
  });

  it('knows other hands with the fields of MANO, and says why a damaged one cannot be loaded', async () => {
    const open = manoModelToArrays(loadOpenHand('right'));
    const said = 'right, 1159 vertices, 16 joints, 10 shape directions';
    expect(await recognise(await put('open.npz', writeNpz(open)))).toBe(`a hand with the fields of MANO ${said}`);
    const named = await put('open.safetensors', writeSafetensors(open, { topology: 'open-hand', side: 'right' }));
    expect(await recognise(named)).toBe(`open-hand ${said}`);
    const weights = { shape: [1159, 16], data: new Float32Array(1159 * 16) };
    expect(await recognise(await put('damaged.npz', writeNpz({ ...open, weights })))).toMatch(
      /, but loadManoModel refuses it: .*weights/,
    );
  });

  it.each([
    ['SMPL', 6890, 24, 10],
    ['SMPL-H', 6890, 52, 16],
    ['SMPL-X', 10475, 55, 400],
    ['FLAME', 5023, 5, 400],
  ])('knows %s by its sizes', async (name, vertices, joints, shapes) => {
    const fields = {
      v_template: zeros(vertices, 3),
      shapedirs: zeros(vertices, 3, shapes),
      weights: zeros(vertices, joints),
    };
    const said = `${name}, ${vertices} vertices, ${joints} joints, ${shapes} shape directions`;
    const input: Input = { path: '', format: 'npz', bytes: new Uint8Array(), contents: named(fields), metadata: {} };
    expect(await recognise(input)).toBe(said);
  });
  const named = (fields: Record<string, ReturnType<typeof zeros>>) =>
    Object.fromEntries(Object.entries(fields).map(([key, array]) => [key, { dtype: 'float32', ...array }]));

  it('knows a ResNet-18 behind the prefixes of trainers, and the weights of this project', async () => {
    const blocks = [1, 2, 3, 4].flatMap((stage) => [0, 1].map((block) => `module.layer${stage}.${block}.conv1.weight`));
    const tensors = Object.fromEntries(['module.conv1.weight', ...blocks].map((name) => [name, zeros(2, 2)]));
    expect(await recognise(await put('resnet.safetensors', writeSafetensors(tensors)))).toBe(
      'weights of a PyTorch network of ResNet-18, 9 tensors, 36 numbers',
    );
    expect(
      await recognise(await put('own.safetensors', writeSafetensors({ 'a/kernel': zeros(3), 'a/bias': zeros(1) }))),
    ).toBe('weights of an opposable or Keras network, 2 tensors, 4 numbers');
  });

  it.each([
    ['camera matrices in the layout of FreiHAND, 2 records', Array(2).fill([[1, 0, 0], [0, 1, 0], [0, 0, 1]])],
    ['keypoints in the layout of FreiHAND, 3 records', Array(3).fill(Array(21).fill([0, 1, 2]))],
    ['MANO parameters in the layout of FreiHAND, 1 records', [[Array(61).fill(0.5)]]],
    ['COCO annotations, 1 images, 2 annotations', { images: [{}], annotations: [{}, {}], categories: [] }],
    ['a hand of CMU hand_labels', { hand_pts: Array(21).fill([1, 2, 1]), is_left: 0 }],
    [undefined, { some: 'thing' }],
  ])('knows JSON: %s', async (said, value) => {
    expect(await recognise(await put('file.json', JSON.stringify(value)))).toBe(said);
  }); // prettier-ignore
});

describe('readInput', () => {
  it.each([
    ['empty.bin', '', 'empty.bin: the file is empty; accepted are json, npy, '],
    [
      'text.bin',
      'hello there',
      'text.bin: the file starts with the bytes 68 65 6c 6c 6f 20 74 68, which no known format does',
    ],
    ['cut.json', '{"a": [1, ', 'cut.json: not valid JSON ('],
    ['cut.safetensors', writeSafetensors({ a: zeros(9) }).slice(0, -1), 'cut.safetensors: '],
  ])('refuses %s in one sentence that starts with the path', async (name, contents, message) => {
    await expect(put(name, contents)).rejects.toMatchObject({
      name: 'FileFormatError',
      message: expect.stringMatching(/^[^\n]+\.$/),
    });
    await expect(put(name, contents)).rejects.toThrow(message);
  });

  it('refuses a folder that is neither a dataset nor a run, and what is not there', async () => {
    await expect(readInput(folder)).rejects.toThrow(
      'expected a file, a prepared dataset or a run, found another folder.',
    );
    await expect(readInput(join(folder, 'none'))).rejects.toThrow('expected a file, but there is no such file.');
  });
});

describe('convert', () => {
  const convert = (...words: string[]) =>
    convertCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(words, { from: 'user' });

  it.each(['npz', 'safetensors'])('keeps a MANO pickle loadable as .%s, every number and text', async (extension) => {
    const before = await put('mano.pkl', pickled('left', true));
    const out = join(folder, `mano.${extension}`);
    await convert(before.path, out);
    const after = await readInput(out);
    expect(await recognise(after)).toBe(
      'MANO left, 778 vertices, 16 joints, 10 shape directions, left-hand bug present',
    );
    const [from, to] = [before, after].map(
      ({ contents }) => contents as Record<string, { shape: unknown; data: unknown }>,
    );
    for (const name of ['v_template', 'shapedirs', 'posedirs', 'weights', 'f', 'kintree_table', 'hands_mean']) {
      expect([to![name]!.shape, to![name]!.data]).toEqual([from![name]!.shape, from![name]!.data]);
    }
    const text = extension === 'npz' ? (to!['bs_style']!.data as string[])[0] : after.metadata['bs_style'];
    expect(text).toBe('lbs');
  });

  it('refuses what the format cannot hold, by name, and leaves it out only when told to', async () => {
    await put('odd.json', JSON.stringify({ a: [1, 2, 3], nothing: null }));
    const [source, out] = [join(folder, 'odd.json'), join(folder, 'odd.npz')];
    await expect(convert(source, out)).rejects.toThrow(
      /odd\.json: \.npz holds arrays and texts, but not nothing \(nothing \(null\)\); leave them out with --drop\.$/,
    );
    await expect(readFile(out)).rejects.toThrow('ENOENT');
    await convert(source, out, '--drop', 'nothing');
    expect((await readInput(out)).contents).toMatchObject({ a: { shape: [3], data: Float64Array.of(1, 2, 3) } });
    await expect(convert(source, out, '--drop', 'b')).rejects.toThrow('--drop: the file holds no b.');
    await expect(convert(source, folder + '.npz')).rejects.toThrow('odd.json');
    await expect(convert(source, join(folder, 'odd.mat'))).rejects.toThrow(/ends in \.npz or \.safetensors/);
  });
});

describe('printDescription', () => {
  it('prints names, types and ranges in columns, and how many members it leaves out', () => {
    const contents = arraysInJson({
      K: [
        [1, 0.123456],
        [2, 3],
        [4, 5],
      ],
      size: [640, 480],
      deep: { name: 'a\u001b[31m' },
      more: 1,
    });
    expect(printDescription(describeArrays(contents), 3)).toEqual([
      '  K         float64 [3, 2]  0.1235 … 5',
      '  size      float64 [2]     640, 480',
      '  deep      dict of 1',
      '    name    text            "a\\u001b[31m"',
      '  … 1 more',
    ]); // prettier-ignore
  });
});

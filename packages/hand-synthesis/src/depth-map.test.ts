import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSceneRenderer, encodeGray16Png, encodePng } from '@opposable/drawing';
import { openPreparedDataset, validateDataset } from '@opposable/hand-datasets/node';
import { loadOpenHand } from '@opposable/open-hand';
import { depthMap } from './depth-map.js';
import { synthesizeDataset } from './node/synthesize-dataset.js';
import { streamSyntheticHands } from './stream-synthetic-hands.js';

const model = loadOpenHand('right');
const never = { probability: 0 };
/** Nothing but the hand: what a renderer sees of its mesh alone. */
const alone = { forearm: never, occluder: never, secondHand: never, ring: never, watch: never, antialias: 1 } as const;

describe('depthMap', () => {
  it('counts tenths of a millimetre from its offset on, and 0 for nothing', () => {
    const near = depthMap(Float32Array.of(0.5, 0.50012, Infinity), 1, 0.25, 800);
    expect([near.offset, ...near.data]).toEqual([0, 7500, 7501, 0]);
    const far = depthMap(Float32Array.of(-0.01, 0.03, Infinity, 9), 2, 100, 100_000);
    expect([far.offset, ...far.data]).toEqual([96_724, 32_660, 33_060, 0, 65_535]);
  });
});

describe('depth of synthetic hands', () => {
  it.each(['demo', 'realistic'] as const)(
    'is what a renderer gives for the stored mesh before the stored camera (%s)',
    (preset) => {
      const renderer = createSceneRenderer();
      const size = 128;
      for (const hand of streamSyntheticHands({ ...alone, model, seed: 5, count: 8, preset, size, depth: true })) {
        const { depth: z } = renderer.render(
          { meshes: [{ vertices: hand.vertices3d.map((value) => value / 1000), faces: model.faces }] },
          { kind: 'perspective', intrinsics: hand.camera },
          { width: size, height: size, outputs: ['depth'] },
        );
        const { data, offset } = hand.depth!;
        let [both, different] = [0, 0];
        for (let i = 0; i < data.length; i++) {
          if ((data[i] === 0) !== (z[i] === Infinity)) different++;
          if (data[i] === 0 || z[i] === Infinity) continue;
          both++;
          // half a step of 0.1 mm; a pixel of `demo` is 3 mm wide, and weak perspective is off by 0.02 pixels, on steep skin too
          if (Math.abs(offset + data[i]! / 10 - 1000 * z[i]!) > 0.3) different++;
        }
        expect(both).toBeGreaterThan(160);
        expect(different).toBeLessThanOrEqual(0.005 * both); // at edges within the hand and around it
      }
    },
  );

  it('is not made unless it is asked for', () => {
    expect([...streamSyntheticHands({ model, seed: 5, count: 1, size: 32 })][0]!.depth).toBeUndefined();
  });
});

describe('depth files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depth-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are written with the dataset, read back, and found sound or not', async () => {
    const options = { seed: 3, preset: 'realistic', size: 48, depth: true } as const;
    const out = join(folder, 'hands');
    await synthesizeDataset({ ...options, out, train: 6, test: 0, workers: 0 });
    const dataset = await openPreparedDataset(out);
    const stream = [...streamSyntheticHands({ ...options, model, count: 6 })];
    for (const [i, hand] of stream.entries()) expect(await dataset.depth('train', i)).toEqual(hand.depth);
    const sound = await validateDataset(out);
    expect([sound.splits['train']!.depths, sound.problems]).toEqual([6, []]);

    const file = (i: number) => join(out, 'depth/train', `0000000${i}.png`);
    await rm(file(0));
    await writeFile(file(1), encodePng(stream[1]!.image));
    const farther = { ...stream[2]!.depth!, data: stream[2]!.depth!.data.map((value) => (value === 0 ? 0 : 9)) };
    await writeFile(file(2), encodeGray16Png(farther));
    await writeFile(file(3), (await readFile(file(3))).subarray(0, 60));
    const { faults } = (await validateDataset(out)).splits['train']!;
    expect(faults).toEqual({ missing: 1, hash: 3, image: 2, depth: 1 });
  });
});

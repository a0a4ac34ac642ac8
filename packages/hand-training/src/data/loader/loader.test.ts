import * as tf from '@tensorflow/tfjs-core';
import type { HandSample } from '@opposable/hand-datasets';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { AUGMENTATION_PRESETS } from '../augmentation/settings.js';
import { loadBatches, type LoadBatchesOptions } from './load-batches.js';
import { openSource } from './open-source.js';
import { type PlannedSample, samplePlan } from './sample-plan.js';
import type { LoaderData } from './types.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

describe('samplePlan', () => {
  const sources = [
    { count: 7, weight: 1 },
    { count: 5, weight: 3 },
    { count: Infinity, weight: 0.5 },
  ];

  it('gives every data set its share, within one sample at any time', () => {
    const seen = [0, 0, 0];
    for (const { position, source } of take(samplePlan(sources, createRng(1)), 2000)) {
      seen[source]!++;
      seen.forEach((count, s) => {
        expect(Math.abs(count - ((position + 1) * sources[s]!.weight) / 4.5)).toBeLessThanOrEqual(1 + 1e-6);
      });
    }
  });

  it('goes through each data set anew in another order, and takes a stream as it comes', () => {
    const plan = take(samplePlan(sources, createRng(1)), 900);
    const indices = (source: number): number[] =>
      plan.filter((each) => each.source === source).map(({ index }) => index);
    const rounds = [0, 1, 2].map((round) => indices(1).slice(5 * round, 5 * round + 5));
    for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
    expect(indices(2)).toEqual(indices(2).map((_, i) => i));
  });

  it('goes on from anywhere as if it had begun there', () => {
    const whole = take(samplePlan(sources, createRng(4)), 300);
    expect(take(samplePlan(sources, createRng(4), 123), 177)).toEqual(whole.slice(123));
    expect(take(samplePlan(sources, createRng(5)), 300)).not.toEqual(whole);
  });

  it('refuses to mix nothing', () => {
    const first = (list: typeof sources): PlannedSample => samplePlan(list, createRng(1)).next().value;
    expect(() => first([])).toThrow('samplePlan: expected data sets with samples and weights above 0.');
    expect(() => first([{ count: 0, weight: 1 }])).toThrow('samplePlan: expected');
  });
});

describe('openSource', () => {
  it('makes synthetic hands as the stream does, with settings of its own, whatever was asked for before', async () => {
    const settings = { preset: 'realistic', size: 48, occluder: { probability: 1 }, noise: [0, 0] } as const;
    const source = await openSource({ kind: 'synthetic', seed: 3, split: 'mine', ...settings });
    const stream = streamSyntheticHands({
      ...settings,
      model: loadOpenHand('right'),
      seed: 3,
      split: 'mine',
      count: 4,
    });
    const hands = [...stream];
    for (const i of [2, 0, 3]) expect(await source.load(i)).toEqual(hands[i]);
    expect(source.count).toBe(Infinity);
  });
});

describe('loadBatches', () => {
  const model = loadOpenHand('right');
  const hands: HandSample[] = [...streamSyntheticHands({ model, seed: 2, count: 5, size: 40 })];
  const bare = hands.map(({ mask: _mask, keypoints3d: _3d, handParameters: _numbers, ...rest }) => ({
    ...rest,
    ...{ id: `bare-${rest.id}`, mask: undefined, keypoints3d: undefined, handParameters: undefined },
  }));
  const data: LoaderData = {
    kind: 'loader',
    imageSize: 32,
    maskSize: 16,
    threads: 0,
    sources: [
      { source: { kind: 'samples', samples: hands }, weight: 2 },
      { source: { kind: 'samples', samples: bare }, weight: 1 },
      { source: { kind: 'synthetic', seed: 9, size: 32 }, weight: 1 },
    ],
  };
  const options: LoadBatchesOptions = { batchSize: 4, seed: 1, augmentation: AUGMENTATION_PRESETS.strong };

  type Read = { size: number; names: readonly string[] } & Record<
    'images' | 'masks' | 'maskValid' | 'valid3d' | 'visibility',
    number[]
  >;

  /** Names and numbers of some batches. */
  async function read(from: LoaderData, count: number, how: Partial<LoadBatchesOptions> = {}) {
    const batches: Read[] = [];
    for await (const batch of loadBatches(from, { ...options, ...how })) {
      const { size, names, dispose: _dispose, ...tensors } = batch;
      const numbers = Object.fromEntries(await Promise.all(Object.entries(tensors).map(async ([name, tensor]) => [name, Array.from(await (tensor as tf.Tensor).data())]))) as unknown as Omit<Read, 'size' | 'names'>; // prettier-ignore
      batches.push({ size, names, ...numbers });
      batch.dispose();
      if (batches.length === count) break;
    }
    return batches;
  }

  it('mixes data sets, and marks what a sample lacks', async () => {
    const before = tf.memory().numTensors;
    const batches = await read(data, 6);
    await new Promise((resolve) => setTimeout(resolve, 50)); // those made ahead are freed
    expect(tf.memory().numTensors).toBe(before);
    const names = batches.flatMap((batch) => batch.names);
    expect(names.filter((name) => name.startsWith('bare-'))).toHaveLength(6);
    for (const batch of batches) {
      const lacking = batch.names.map((name) => (name.startsWith('bare-') ? 0 : 1));
      expect([batch['maskValid'], batch['valid3d']]).toEqual([lacking, lacking]);
      expect(batch['visibility'].some((value) => value === 1)).toBe(true);
      batch.names.forEach((name, i) => {
        const mask = batch['masks'].slice(256 * i, 256 * (i + 1)).reduce((a, b) => a + b, 0);
        expect(mask > 0).toBe(!name.startsWith('bare-'));
      });
    }
  });

  it('gives the same batches from anywhere and in parts', async () => {
    const whole = await read(data, 6);
    expect(await read(data, 3, { first: 3 })).toEqual(whole.slice(3));
    const parts = await Promise.all([0, 1].map((rank) => read(data, 2, { part: { rank, members: 2 } })));
    for (const [rank, part] of parts.entries()) {
      for (const [i, batch] of part.entries()) {
        expect(batch.names).toEqual(whole[i]!.names.filter((_, b) => b % 2 === rank));
        const width = 32 * 32 * 3;
        expect(batch['images'].slice(width)).toEqual(whole[i]!['images'].slice((2 + rank) * width, (3 + rank) * width));
      }
    }
    expect(await read(data, 1, { seed: 2 })).not.toEqual(whole.slice(0, 1));
  });

  it('takes a stream of someone else’s, from where the run goes on', async () => {
    const opened: number[] = [];
    const stream: LoaderData = {
      ...data,
      sources: [
        ...data.sources,
        {
          weight: 4,
          source: {
            kind: 'stream',
            async *open(first) {
              opened.push(first);
              for (let i = first; ; i++) yield await Promise.resolve({ ...hands[i % 5]!, id: `stream-${i}` });
            },
          },
        },
      ],
    };
    const whole = await read(stream, 4);
    expect(whole.flatMap(({ names }) => names.filter((name) => name.startsWith('stream-')))).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => `stream-${i}`)); // prettier-ignore
    expect(await read(stream, 2, { first: 2 })).toEqual(whole.slice(2));
    expect(opened).toEqual([0, 4]);
    const parts = await Promise.all([0, 1].map((rank) => read(stream, 2, { part: { rank, members: 2 } })));
    expect(parts[1]!.map(({ names }) => names)).toEqual(
      whole.slice(0, 2).map(({ names }) => names.filter((_, b) => b % 2 === 1)),
    );
  });

  it('refuses samples without the 22 numbers where they are needed, and streams that end', async () => {
    await expect(read(data, 3, { needsParameters: true })).rejects.toThrow(
      /^pretrain: expected samples with the 22 numbers \(synthetic hands have them\), got sample 'bare-.*' without\.$/,
    );
    const short: LoaderData = {
      ...data,

      sources: [{ weight: 1, source: { kind: 'stream', async *open() { yield hands[0]!; } } }], // prettier-ignore
    };
    await expect(read(short, 1)).rejects.toThrow(
      'loader: expected a stream without end, got one that ends before sample 1.',
    );
  });
});

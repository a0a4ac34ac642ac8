import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNpy } from '@opposable/array-files';
import { checkSampleConformance } from './conformance/check-sample-conformance.js';
import { inspectKeypointOrder } from './conformance/inspect-keypoint-order.js';
import { readImage } from './node/images/read-image.js';
import { prepareDataset } from './node/prepare/prepare-dataset.js';
import { openPreparedDataset } from './node/prepared/open-prepared-dataset.js';
import { readers } from './node/readers/readers.js';
import type { SampleStream } from './node/readers/types.js';
import { prepareConfigSchema } from './prepare/prepare-config.js';
import type { HandSample } from './types.js';
import { describeWithSamples, SAMPLES } from './test-support/samples.js';
import { largestDifference } from './test-support/tolerance.js';
import { syntheticSample } from './test-support/synthetic-sample.js';
import { createRng } from '@opposable/tensor-checks';
import { applyCrop } from './transform/apply-crop.js';
import { prepareSample } from './transform/prepare-sample.js';

describeWithSamples('ge-realworld', 'the real-world samples of Ge et al.', () => {
  it('all conform, as photographed and prepared as right hands', async () => {
    const stream = readers['ge-realworld'](`${SAMPLES}ge-realworld`);
    const lengths: number[] = [];
    for await (const sample of stream) {
      const report = checkSampleConformance(sample);
      expect([sample.id, report.problems]).toEqual([sample.id, []]);
      expect(report.projectionError).toBeLessThan(1e-9);
      lengths.push(report.handLength!);
      const prepared = prepareSample(sample, { keypointOrder: 'mano', side: 'right', cropFactor: 1.6, size: 224 });
      const after = checkSampleConformance(prepared);
      expect([sample.id, after.problems]).toEqual([sample.id, []]);
      expect(after.projectionError).toBeLessThan(1e-9);
      expect(after.handLength).toBeCloseTo(report.handLength!, 9);
      expect(after.handedness).toBeCloseTo(-report.handedness!, 9);
      expect(prepared.side).toBe('right');
    }
    expect(stream.report).toEqual({ read: 59, missingImages: 524, dropped: {}, problems: [] });
    expect(Math.min(...lengths)).toBeGreaterThan(130);
    expect(Math.max(...lengths)).toBeLessThan(230);
  }, 30_000);
});

describeWithSamples('freihand-eval-k', 'cameras after a crop', () => {
  it('are exactly those published for the 130-pixel windows at (47, 47), resized to 224', () => {
    const all = JSON.parse(readFileSync(`${SAMPLES}freihand-eval-k/evaluation_K.json`, 'utf8')) as number[][][];
    const sample = syntheticSample(createRng('camera'), { width: 224, height: 224 });
    for (const id of [126, 577, 2299]) {
      const published = parseNpy(readFileSync(`${SAMPLES}freihand-eval-k/${id}_K.npy`));
      const camera = Float64Array.from(all[id]!.flat());
      const cropped = applyCrop({ ...sample, camera }, { x: 47, y: 47, width: 130, height: 130 }, 224);
      expect(largestDifference(cropped.camera!, published.data as Float64Array)).toBeLessThan(1e-11);
    }
  });
});

describeWithSamples('boukhayma-3dhand', 'the published crops of 3dhand', () => {
  /** Rows of labels.pickle: each array of 42 float64 stands in it as a byte string of 336 bytes. */
  const publishedLabels = (): Float64Array[] => {
    const pickle = readFileSync(`${SAMPLES}boukhayma-3dhand/cropped/labels.pickle`);
    const labels: Float64Array[] = [];
    const marker = Buffer.from([0x54, 0x50, 0x01, 0x00, 0x00]); // BINSTRING of 336 bytes
    for (let at = pickle.indexOf(marker); at >= 0; at = pickle.indexOf(marker, at + 341)) {
      labels.push(new Float64Array(new Uint8Array(pickle.subarray(at + 5, at + 341)).buffer));
    }
    return labels;
  };

  it.each([
    [0, 0.5],
    [2, 1.3],
  ])('are reproduced by prepareSample, labels and pixels (sample %i)', async (id, grayLevels) => {
    const rows: number[] = [];
    for await (const sample of readers['mpii-nzsl'](`${SAMPLES}mpii-nzsl-hand-labels`)) {
      if (sample.id !== `mpii-nzsl/${id}`) continue;
      const prepared = prepareSample(sample, { keypointOrder: 'mano', size: 320, sampling: 'corners' });
      rows.push(id);
      expect(largestDifference(prepared.keypoints, publishedLabels()[id]!)).toBeLessThan(1e-9);
      const published = await readImage(`${SAMPLES}boukhayma-3dhand/cropped/${id}.png`);
      const sum = published.data.reduce((total, value, i) => total + Math.abs(value - prepared.image.data[i]!), 0);
      expect(sum / published.data.length).toBeLessThan(grayLevels);
    }
    expect(rows).toEqual([id]);
  });

  it('are what prepareDataset writes with the preset 3dhand', async () => {
    const folder = await mkdtemp(join(tmpdir(), '3dhand-'));
    try {
      const out = join(folder, 'prepared');
      const test = [{ dataset: 'mpii-nzsl', root: `${SAMPLES}mpii-nzsl-hand-labels` }];
      await prepareDataset(prepareConfigSchema.parse({ preset: '3dhand', out, splits: { test } }), { workers: 0 });
      const dataset = await openPreparedDataset(out);
      const bounds: readonly (readonly [id: number, grayLevels: number])[] = [
        [0, 0.5],
        [2, 1.3],
      ];
      for (const [i, [id, grayLevels]] of bounds.entries()) {
        const { keypoints, image, keypointOrder } = await dataset.load('test', i);
        expect(keypointOrder).toBe('mano');
        expect(largestDifference(keypoints, publishedLabels()[id]!)).toBeLessThan(1e-9);
        const published = await readImage(`${SAMPLES}boukhayma-3dhand/cropped/${id}.png`);
        const sum = published.data.reduce((total, value, k) => total + Math.abs(value - image.data[k]!), 0);
        expect(sum / published.data.length).toBeLessThan(grayLevels);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describeWithSamples('ge-realworld', 'inspectKeypointOrder on real hands', () => {
  const coco = { annotations: 'test_coco_wholebody.json', images: '.' };
  const rhd = { keypointOrder: 'rhd', side: 'right', keypoints3d: 'joint_cam' } as const;
  const sets: readonly (readonly [string, () => SampleStream, order: string])[] = [
    ['ge-realworld', () => readers['ge-realworld'](`${SAMPLES}ge-realworld`), 'panoptic'],
    ['mpii-nzsl', () => readers['mpii-nzsl'](`${SAMPLES}mpii-nzsl-hand-labels`), 'panoptic'],
    ['coco-wholebody', () => readers['coco-wholebody'](`${SAMPLES}coco-wholebody`, coco), 'panoptic'],
    [
      'onehand10k',
      () => readers.onehand10k(`${SAMPLES}onehand10k`, { annotations: 'test_onehand10k.json' }),
      'panoptic',
    ],
    [
      'freihand',
      () => readers.coco(`${SAMPLES}freihand`, { annotations: 'test_freihand.json', side: 'right' }),
      'panoptic',
    ],
    [
      'panoptic',
      () => readers.coco(`${SAMPLES}panoptic`, { annotations: 'test_panoptic.json', side: 'right' }),
      'panoptic',
    ],
    ['rhd', () => readers.coco(`${SAMPLES}rhd`, { ...rhd, annotations: 'test_rhd.json' }), 'rhd'],
  ];

  it.each(sets)('finds the order of every single hand of %s, in 2D and in 3D', async (_, open, order) => {
    let hands = 0;
    for await (const { id, keypoints, keypoints3d } of open().records()) {
      hands++;
      expect([id, inspectKeypointOrder(keypoints, { dimension: 2 }).best.order]).toEqual([id, order]);
      if (!keypoints3d) continue;
      const { best, verdict } = inspectKeypointOrder(keypoints3d);
      expect([id, best.order, verdict]).toEqual([id, order, 'sure']);
    }
    expect(hands).toBeGreaterThan(1);
  });
});

async function collect(stream: SampleStream): Promise<HandSample[]> {
  const samples: HandSample[] = [];
  for await (const sample of stream) samples.push(sample);
  for (const sample of samples) expect([sample.id, checkSampleConformance(sample).problems]).toEqual([sample.id, []]);
  expect(stream.report.dropped).toEqual({});
  return samples;
}

describeWithSamples('mpii-nzsl-hand-labels', 'hands of MPII and NZSL', () => {
  it('are read from a folder of pairs', async () => {
    const samples = await collect(readers['mpii-nzsl'](`${SAMPLES}mpii-nzsl-hand-labels`));
    expect(samples.map(({ id }) => id)).toEqual(['mpii-nzsl/0', 'mpii-nzsl/2']);
  });
});

describeWithSamples('onehand10k', 'hands of OneHand10K', () => {
  it('are read, invisible joints as not labelled', async () => {
    const samples = await collect(readers.onehand10k(`${SAMPLES}onehand10k`, { annotations: 'test_onehand10k.json' }));
    expect(samples.map(({ id }) => id)).toEqual(['onehand10k/9', 'onehand10k/1402']);
    expect(samples[0]!.visibility[0]).toBe(0);
  });
});

describeWithSamples('coco-wholebody', 'hands of COCO-WholeBody', () => {
  it('are read, both of each person where they are annotated', async () => {
    const options = { annotations: 'test_coco_wholebody.json', images: '.' };
    const samples = await collect(readers['coco-wholebody'](`${SAMPLES}coco-wholebody`, options));
    expect(samples.map(({ id }) => id)).toEqual([
      'coco-wholebody/442619/right',
      'coco-wholebody/460541/left',
      'coco-wholebody/460541/right',
      'coco-wholebody/488308/left',
    ]);
  });
});

describeWithSamples('freihand', 'COCO files of other datasets', () => {
  it('are read by configuration: FreiHAND', async () => {
    const samples = await collect(
      readers.coco(`${SAMPLES}freihand`, { annotations: 'test_freihand.json', side: 'right' }),
    );
    expect(samples.map(({ source }) => source.index)).toEqual([0, 1, 2, 3]);
  });

  it('are read by configuration: the rows of Panoptic, whose side only the names of the images tell', async () => {
    const options = { annotations: 'test_panoptic.json', box: 'bbox', side: 'right' } as const;
    const samples = await collect(readers.coco(`${SAMPLES}panoptic`, options));
    expect(samples.map(({ id, image }) => [id, image.width])).toEqual([
      ['coco/100586', 1280],
      ['coco/100587', 1280],
    ]);
  });

  it('are read by configuration: RHD, with 3D and camera', async () => {
    const stream = readers.coco(`${SAMPLES}rhd`, {
      annotations: 'test_rhd.json',
      keypointOrder: 'rhd',
      side: 'right',
      keypoints3d: 'joint_cam',
      camera: 'cam_param',
    });
    const reports = [];
    for await (const sample of stream) reports.push(checkSampleConformance(sample));
    for (const { projectionError } of reports) expect(projectionError).toBeLessThan(0.1);
    // the first is a left hand, which the file does not say
    expect(reports.map(({ problems }) => problems.map(({ check }) => check))).toEqual([['handedness'], []]);
  });
});

describeWithSamples('interhand2.6m', 'hands of InterHand2.6M', () => {
  it('are read from world coordinates, both of an interacting pair', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'interhand-'));
    try {
      for (const name of readdirSync(`${SAMPLES}interhand2.6m`)) {
        const official = name.replace('test_interhand2.6m_', 'InterHand2.6M_test_');
        copyFileSync(`${SAMPLES}interhand2.6m/${name}`, join(folder, official));
      }
      const samples = await collect(readers.interhand(folder, { split: 'test', annotations: '.', images: '.' }));
      expect(samples.map(({ id }) => id)).toEqual([
        'interhand/test/326750/right',
        'interhand/test/326750/left',
        'interhand/test/471953/right',
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

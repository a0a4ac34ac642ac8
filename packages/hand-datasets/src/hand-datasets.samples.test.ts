import { readFileSync } from 'node:fs';
import { parseNpy } from '@opposable/array-files';
import { checkSampleConformance } from './conformance/check-sample-conformance.js';
import { readImage } from './node/images/read-image.js';
import { readers } from './node/readers/readers.js';
import { describeWithSamples, SAMPLES } from './test-support/samples.js';
import { largestDifference } from './test-support/tolerance.js';
import { syntheticSample } from './test-support/synthetic-sample.js';
import { createRng } from '@opposable/tensor-checks';
import { reorder } from '@opposable/keypoint-order';
import { applyCrop } from './transform/apply-crop.js';
import { prepareSample } from './transform/prepare-sample.js';
import { squareCrop } from './transform/square-crop.js';

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
  });
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

  it.each([0, 2])('have the window of squareCrop (sample %i)', async (id) => {
    const { hand_pts } = JSON.parse(readFileSync(`${SAMPLES}mpii-nzsl-hand-labels/${id}.json`, 'utf8')) as {
      hand_pts: number[][];
    };
    const keypoints = Float64Array.from(hand_pts.flatMap(([x, y]) => [x!, y!]));
    const visibility = Uint8Array.from(hand_pts, ([, , flag]) => flag!);
    const image = await readImage(`${SAMPLES}mpii-nzsl-hand-labels/${id}.jpg`);
    const { x, y, width } = squareCrop(keypoints, visibility, image);
    const labels = keypoints.map((value, i) => ((value - (i % 2 === 0 ? x : y)) * 319) / width);
    expect(largestDifference(reorder(labels, 'panoptic', 'mano'), publishedLabels()[id]!)).toBeLessThan(1e-9);
  });
});

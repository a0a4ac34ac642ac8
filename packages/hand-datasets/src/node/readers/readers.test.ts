import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { checkSampleConformance } from '../../conformance/check-sample-conformance.js';
import { NATIVE_FIXTURES } from '../../test-support/native/fixtures.js';
import type { NativeFixture } from '../../test-support/native/native-fixture.js';
import { largestDifference } from '../../test-support/tolerance.js';
import { prepareSample } from '../../transform/prepare-sample.js';
import { reorderSample } from '../../transform/reorder-sample.js';
import type { HandSample } from '../../types.js';
import { readers } from './readers.js';
import type { DatasetReader } from './types.js';

const titleOf = ({ name, variant }: NativeFixture): string => (variant ? `${name} (${variant})` : name);

describe.each(NATIVE_FIXTURES.map((fixture): [string, NativeFixture] => [titleOf(fixture), fixture]))(
  "the reader of %s, on files in the dataset's own format",
  (_, fixture) => {
    const { name, options = {}, dropped = {} } = fixture;
    const read = (readers as Readonly<Record<string, DatasetReader>>)[name]!;
    let folder: string;
    let expected: readonly HandSample[];
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), `${name}-`));
      expected = await fixture.write(folder, createRng(name));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('gives every hand as it was made, conforming, and ready to be prepared', async () => {
      const stream = read(folder, options);
      const samples: HandSample[] = [];
      for await (const sample of stream) samples.push(sample);
      const { problems, ...counts } = stream.report;
      expect([counts, problems.filter(({ reason }) => !(reason in dropped))]).toEqual([
        { read: expected.length, missingImages: 0, dropped },
        [],
      ]);
      samples.forEach((sample, i) => {
        const hand = expected[i]!;
        const found = reorderSample(sample, 'panoptic');
        expect([sample.id, checkSampleConformance(sample).problems]).toEqual([sample.id, []]);
        expect([found.side, found.isMirrored]).toEqual([hand.side, hand.isMirrored]);
        expect([found.image.width, found.image.height]).toEqual([hand.image.width, hand.image.height]);
        expect(Math.abs(found.image.data[0]! - hand.image.data[0]!)).toBeLessThan(8);
        expect(largestDifference(found.keypoints, hand.keypoints)).toBeLessThan(1e-6);
        expect(Array.from(found.visibility, Number)).toEqual(Array.from(hand.visibility, Number));
        expect(found.keypoints3d === undefined).toBe(hand.keypoints3d === undefined);
        if (found.keypoints3d) expect(largestDifference(found.keypoints3d, hand.keypoints3d!)).toBeLessThan(1e-6);
        if (hand.camera) expect(largestDifference(found.camera!, hand.camera)).toBeLessThan(1e-9);
        if (hand.mask) expect(Buffer.compare(found.mask!.data, hand.mask.data)).toBe(0);
        if (hand.mano) expect(found.mano).toEqual(hand.mano);
        const prepared = prepareSample(sample, { keypointOrder: 'mano', side: 'right', size: 64 });
        expect(checkSampleConformance(prepared).problems).toEqual([]);
      });
    });

    it('gives the same records without opening an image, and each record once', async () => {
      const ids: string[] = [];
      for await (const record of read(folder, options).records()) ids.push(record.id);
      expect(ids).toHaveLength(expected.length);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('gives the rows that are asked for', async () => {
      const indices: number[] = [];
      for await (const { source } of read(folder, options).records()) indices.push(source.index);
      const wanted = [indices.at(-1)!, indices[0]!];
      const found: number[] = [];
      for await (const { source } of read(folder, { ...options, rows: wanted })) found.push(source.index);
      expect(found).toEqual(wanted);
    });
  },
);

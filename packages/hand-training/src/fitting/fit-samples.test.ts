import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImage, decodePng } from '@opposable/drawing';
import { type HandSample, mirrorSample, resizeSample } from '@opposable/hand-datasets';
import { loadOpenHand } from '@opposable/open-hand';
import { prepareBackend } from '@opposable/training';
import { chooseCases } from './fit-pictures.js';
import { fitReader } from './fit-reader.js';
import { fitSamples } from './fit-samples.js';
import { syntheticTargets } from './test-support/synthetic-targets.js';

const { targets } = syntheticTargets(loadOpenHand('right'), 3, 'samples');

/** Grey photos of right hands, 256 pixels wide, with exact labels. */
function rightHands(): HandSample[] {
  return [0, 1, 2].map((n) => ({
    id: `made-up/${n}`,
    source: { dataset: 'made-up', file: `${n}.png`, index: n },
    side: 'right',
    isMirrored: false,
    keypointOrder: 'panoptic',
    keypoints: targets.keypoints.slice(n * 42, n * 42 + 42),
    visibility: targets.visibility.slice(n * 21, n * 21 + 21),
    keypoints3d: targets.keypoints3d.slice(n * 63, n * 63 + 63),
    keypoints3dValid: new Uint8Array(21).fill(1),
    camera: targets.intrinsics.slice(n * 9, n * 9 + 9),
    bbox: [0, 0, 256, 200],
    mano: undefined,
    handParameters: undefined,
    crop: undefined,
    subject: undefined,
    sequence: undefined,
    image: createImage(256, 200, [90, 90, 90]),
    mask: undefined,
  }));
}

/** A busy machine may take several times as long as the few seconds measured. */
const TIMEOUT_MS = 60_000;
let folder: string;
beforeAll(() => prepareBackend('wasm'));
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'fit-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('fitSamples', () => {
  it(
    'fits left hands in large photos as right ones of 256 pixels, and writes parameters and pictures',
    async () => {
      const [first, second, third] = rightHands() as [HandSample, HandSample, HandSample];
      const given = [
        mirrorSample(resizeSample(first, { width: 512, height: 400 })),
        second,
        { ...third, camera: undefined },
      ];
      const lines: string[] = [];
      const out = join(folder, 'deep', 'out');
      const { samples, runs } = await fitSamples(given, {
        coefficients: [6],
        iterations: 300,
        out,
        print: (line) => void lines.push(line),
      });
      expect(samples.map(({ side, isMirrored }) => [side, isMirrored])).toEqual([
        ['right', false],
        ['right', false],
      ]);
      expect([samples[0]!.image.width, samples[0]!.image.height]).toEqual([256, 200]);
      expect(runs[0]!.scores.paMpjpe.worst).toBeLessThan(5);
      expect(runs[0]!.scores.pixels.worst).toBeLessThan(5);
      expect(lines[0]).toBe('Fitting 2 hands; 1 left out for want of 3D keypoints or a camera.');
      expect(lines.join('\n')).toContain(runs[0]!.scores.paMpjpe.median.toFixed(2));

      expect((await readdir(out)).sort()).toEqual(['fit-6-all.png', 'fit-6-cases.png', 'fit.json']);
      const document = JSON.parse(await readFile(join(out, 'fit.json'), 'utf8'));
      const [fit] = document.fits;
      expect(fit.coefficients).toBe(6);
      expect(fit.paMpjpe.mean).toBe(runs[0]!.scores.paMpjpe.mean);
      expect(fit.hands[1].id).toBe('made-up/1');
      const { handPose, betas } = runs[0]!.fitted.parameters;
      expect(fit.hands[1].handPose).toEqual([...handPose.slice(6, 12)]);
      expect(fit.hands[1].betas).toEqual([...betas.slice(10)]);
      const sheet = decodePng(await readFile(join(out, 'fit-6-cases.png')));
      expect(sheet.width).toBe(5 * (384 + 4) + 4);
      // the first hand's skin over its grey photo
      const isGrey = (i: number) => sheet.data[i] === sheet.data[i + 1] && sheet.data[i] === sheet.data[i + 2];
      let coloured = 0;
      for (let i = 0; i < sheet.data.length; i += 3) coloured += isGrey(i) ? 0 : 1;
      expect(coloured).toBeGreaterThan(20000);
    },
    TIMEOUT_MS,
  );

  it('refuses hands without labels, and numbers of coefficients that the hand does not have', async () => {
    const unlabelled = rightHands().map((hand) => ({ ...hand, keypoints3d: undefined, keypoints3dValid: undefined }));
    await expect(fitSamples(unlabelled)).rejects.toThrow(
      'fitSamples: expected at least one hand with 3D keypoints and a camera, got none among 3 hands.',
    );
    await expect(fitSamples(rightHands(), { coefficients: [6, 0] })).rejects.toThrow('from 1 to 45, got 0.');
    await expect(fitSamples(rightHands(), { coefficients: [] })).rejects.toThrow('at least one number of coefficients');
    const broken = rightHands();
    broken[1]!.keypoints3d![5] = NaN;
    await expect(fitSamples(broken, { out: folder })).rejects.toThrow(/NaN/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes nothing when it is stopped', async () => {
    const stop = new AbortController();
    const print = (line: string) => void (line.startsWith('Drawing') && stop.abort());
    const stopped = fitSamples(rightHands(), { iterations: 5, out: folder, print, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('fitReader', () => {
  it('names a folder that is not there, and a dataset that it cannot read', async () => {
    await expect(fitReader(join(folder, 'no'), { reader: 'ge-realworld' })).rejects.toThrow(/there is no folder/);
    await expect(fitReader(folder, { reader: 'mine' as 'ge-realworld' })).rejects.toThrow(
      /fitReader: expected reader .*ge-realworld, .*, got 'mine'\./,
    );
  });
});

describe('chooseCases', () => {
  it('takes the least, the middle and the largest error', () => {
    const chosen = (errors: number[]) => chooseCases(errors).map(({ index }) => index);
    expect(chosen([5, 1, 9, 3, 7])).toEqual([1, 0, 2]);
    expect(chosen([5, 1])).toEqual([1, 1, 0]);
    expect(chosen([4])).toEqual([0, 0, 0]);
  });
});

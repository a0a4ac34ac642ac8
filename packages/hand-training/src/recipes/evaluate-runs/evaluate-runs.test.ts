import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePng } from '@opposable/drawing';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { parseHandSubmission } from '@opposable/metrics';
import { loadOpenHand } from '@opposable/open-hand';
import { prepareBackend } from '@opposable/training';
import { loadTrainingData } from '../../data/load-training-data.js';
import { afterStage, createRun } from '../../run/hand-run.js';
import { saveRun } from '../../run/run-checkpoint.js';
import { evaluateRuns, runNames } from './evaluate-runs.js';
import { scoreSubmission } from './score-submission.js';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
const source = () => ({ prepared: at('data'), split: 'test' });

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-evaluate-'));
  await synthesizeDataset({ out: at('data'), seed: 3, train: 1, test: 5, size: 64, workers: 0 });
  for (const [seed, name] of ['one', 'other'].entries()) {
    const run = afterStage(createRun({ encoder: 'small', inputSize: 64 }, seed), 'pretrain', 10);
    await saveRun(at(name), run);
    run.dispose();
  }
  const record = (iteration: number, waitingShare: number) =>
    JSON.stringify({
      iteration,
      total: 9 / iteration,
      terms: { pose: 3 / iteration },
      samplesPerSecond: 40,
      waitingShare,
    });
  await writeFile(at('one', 'metrics-pretrain.jsonl'), `${record(5, 0.25)}\n${record(10, 0.75)}\n{"iterat`);
  await writeFile(at('rgb'), '');
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('evaluateRuns', () => {
  it('compares runs in one report, with tables for people and for programs', async () => {
    const text = await evaluateRuns({ runs: [at('one'), at('other')], data: source(), out: at('compared') });
    expect(text).toMatch(/^measure +one +other$/m);
    expect(text).toMatch(/^hands +5 +5$/m);
    const files = (await readdir(at('compared'), { recursive: true })).sort();
    expect(files).toEqual(
      expect.arrayContaining([
        ...['2d-pck.png', '2d-pck.svg', '3d-pck-after-alignment.svg', 'report.html', 'scores.csv', 'scores.json'],
        ...['scores.txt', 'one/best.png', 'one/worst.png', 'other/hands.png'],
      ]),
    );
    const json = JSON.parse(await readFile(at('compared', 'scores.json'), 'utf8')) as {
      runs: { name: string; measures: { name: string; unit: string; value: number }[] }[];
    };
    expect(json.runs.map(({ name }) => name)).toEqual(['one', 'other']);
    // the three forms hold the same numbers
    const lines = (await readFile(at('compared', 'scores.csv'), 'utf8')).split('\r\n').map((line) => line.split(','));
    expect(lines[0]).toEqual(['measure', 'unit', 'one', 'other']);
    for (const { name, unit, value } of json.runs[1]!.measures.filter((measure) => !measure.name.includes(','))) {
      expect(Number(lines.find((line) => line[0] === name && line[1] === unit)![3])).toBe(value);
    }
    expect(json.runs[0]!.measures.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        '2D mean',
        'PA-MPJPE',
        'predicted / true 2D extent',
        '2D thumb',
        '2D thumb4',
        'PA pinky1',
      ]),
    );
    const page = await readFile(at('compared', 'report.html'), 'utf8');
    expect(page).toContain('Losses, one, pretrain');
    expect(page).toContain('<td>one, pretrain</td><td>10</td><td>40.0</td><td>50.0</td>'); // waits half of the time
    const chart = decodePng(await readFile(at('compared', '2d-pck.png')));
    expect(chart.width).toBeGreaterThan(600);
    expect(new Set(chart.data).size).toBeGreaterThan(50); // lines and letters, not one colour
  }, 240_000);

  it('measures by a protocol, draws published curves beside it, and writes a submission', async () => {
    await rm(at('curves'), { recursive: true, force: true });
    const curves = await mkdtemp(at('curves-'));
    await writeFile(join(curves, 'published'), Array.from({ length: 51 }, (_, i) => i / 50).join('\n'));
    const options = { runs: [at('one')], data: source(), out: at('stb'), protocol: 'stb', published: curves } as const;
    const text = await evaluateRuns({ ...options, submission: true });
    expect(text).toMatch(/^STB AUC 20–50 mm +0\.\d{3}$/m);
    expect(text).toMatch(/^published +0\.700 +0\.500 +0\.300$/m);
    expect(await readFile(at('stb', '3d-pck-of-stb.svg'), 'utf8')).toContain('published published');
    const submission = parseHandSubmission(JSON.parse(await readFile(at('stb', 'submission.json'), 'utf8')));
    expect([submission.count, submission.vertexCount]).toEqual([5, 1159]);

    // scored as FreiHAND does it, the file gives what the run gave
    const truth = JSON.parse(await readFile(at('data', 'test.json'), 'utf8')) as { annotations: { keypoints_3d: number[] }[] }; // prettier-ignore
    const xyz = truth.annotations.map(({ keypoints_3d: flat }) =>
      Array.from({ length: 21 }, (_, k) => flat.slice(k * 3, k * 3 + 3).map((millimetres) => millimetres / 1000)),
    );
    await writeFile(at('xyz.json'), JSON.stringify(xyz));
    const files = { submission: at('stb', 'submission.json'), xyz: at('xyz.json'), out: at('scored') };
    const scored = await scoreSubmission({ ...files, protocol: 'freihand' });
    const direct = await evaluateRuns({ runs: [at('one')], data: source(), out: at('freihand'), protocol: 'freihand' });
    const row = (table: string, name: string): number =>
      Number(new RegExp(`^${name} +([\\d.]+)$`, 'm').exec(table)![1]);
    for (const name of [
      'FreiHAND keypoints, cm',
      'FreiHAND keypoints aligned, cm',
      'FreiHAND keypoints, AUC 0–50 mm',
    ]) {
      expect(row(scored, name)).toBeCloseTo(row(direct, name), 2);
    }
    expect(row(direct, 'FreiHAND keypoints aligned, cm')).toBeLessThan(5);
    expect(await scoreSubmission({ ...files, protocol: 'ho3d' })).toContain('HO-3D joints, scale and translation, cm');
  }, 240_000);

  it('writes a submission to HO-3D in OpenGL’s axes and MANO’s order, and scores it as what it is', async () => {
    const options = { runs: [at('one')], data: source(), submission: true } as const;
    await evaluateRuns({ ...options, out: at('plain') });
    await evaluateRuns({ ...options, out: at('ho3d'), protocol: 'ho3d' });
    const read = async (out: string) =>
      JSON.parse(await readFile(at(out, 'submission.json'), 'utf8')) as number[][][][];
    const [[xyz, verts], [own, ownVerts]] = [await read('plain'), await read('ho3d')] as [
      number[][][][],
      number[][][][],
    ];
    // wrist; index, middle, pinky, ring, thumb without tips; tips of thumb, index, middle, ring, pinky, as places in panoptic
    const order = [0, 5, 6, 7, 9, 10, 11, 17, 18, 19, 13, 14, 15, 1, 2, 3, 4, 8, 12, 16, 20];
    const flipped = ([x, y, z]: number[]): number[] => [x!, -y! || 0, -z! || 0];
    const same = (a: number[], b: number[]): void => a.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 9));
    xyz!.forEach((hand, n) => order.forEach((from, k) => same(own![n]![k]!, flipped(hand[from]!))));
    verts!.forEach((hand, n) => hand.forEach((point, v) => same(ownVerts![n]![v]!, flipped(point))));
    expect(own![0]![0]![2]).toBeLessThan(0); // in front of a camera that looks along −z
  }, 240_000);

  it('writes a submission for images whose 3D nobody knows, with the hands of those that are labelled', async () => {
    await cp(at('data'), at('blind'), { recursive: true });
    const file = at('blind', 'test.json');
    const labels = JSON.parse(await readFile(file, 'utf8')) as { annotations: Record<string, unknown>[] };
    labels.annotations.forEach((each) => delete each['keypoints_3d']);
    await writeFile(file, JSON.stringify(labels));
    const lines: string[] = [];
    const options = { runs: [at('one')], submission: true, protocol: 'freihand' } as const;
    const blind = { data: { prepared: at('blind'), split: 'test' }, out: at('unmeasured') };
    const text = await evaluateRuns({ ...options, ...blind, print: (line) => void lines.push(line) });
    await evaluateRuns({ ...options, data: source(), out: at('measured') });
    expect(text).not.toContain('FreiHAND');
    expect(lines).toEqual(['No sample has 3D keypoints: the submission is written, and 2D alone is measured.']);
    const [one, other] = await Promise.all(['unmeasured', 'measured'].map((name) => readFile(at(name, 'submission.json'), 'utf8'))); // prettier-ignore
    expect(one).toBe(other);
    await expect(evaluateRuns({ ...options, ...blind, submission: false })).rejects.toThrow(
      'expected samples with 3D keypoints and a camera for this protocol, found none.',
    );
  }, 240_000);

  it('writes a submission for images without any label, and measures nothing', async () => {
    await cp(at('data'), at('unlabelled'), { recursive: true });
    const file = at('unlabelled', 'test.json');
    const labels = JSON.parse(await readFile(file, 'utf8')) as { annotations: Record<string, unknown>[] };
    for (const each of labels.annotations) {
      delete each['keypoints_3d'];
      each['keypoints'] = (each['keypoints'] as number[]).map((value, i) => (i % 3 === 2 ? 0 : value));
      each['num_keypoints'] = 0;
    }
    await writeFile(file, JSON.stringify(labels));
    const lines: string[] = [];
    const data = { prepared: at('unlabelled'), split: 'test' };
    const options = {
      runs: [at('one')],
      protocol: 'freihand',
      data,
      print: (line: string) => void lines.push(line),
    } as const;
    expect(await evaluateRuns({ ...options, submission: true, out: at('alone'), baseline: 'train' })).toBe('');
    expect(lines).toEqual(['No sample has keypoints: the submission is written, and nothing is measured.']);
    expect(await readdir(at('alone'))).toEqual(['submission.json']);
    await evaluateRuns({
      runs: [at('one')],
      data: source(),
      out: at('labelled'),
      submission: true,
      protocol: 'freihand',
    });
    const [one, other] = await Promise.all(['alone', 'labelled'].map((name) => readFile(at(name, 'submission.json'), 'utf8'))); // prettier-ignore
    expect(one).toBe(other);
    await expect(evaluateRuns({ ...options, out: at('none') })).rejects.toThrow(
      'expected labelled keypoints to measure by, found none in the split "test" of',
    );
  }, 240_000);

  it('measures the mean hand beside the runs', async () => {
    const text = await evaluateRuns({ runs: [at('one')], data: source(), out: at('baseline'), baseline: 'train' });
    expect(text).toMatch(/^measure +mean-hand +one$/m);
    // one training sample: its own numbers are the mean
    const arrays = await loadTrainingData({ prepared: at('data'), split: 'train' }, 64);
    const test = await loadTrainingData(source(), 64);
    const hand = decodeHandParameters(loadOpenHand('right'), arrays.handParameters);
    let error = 0;
    for (let n = 0; n < 5; n++) {
      for (let k = 0; k < 21; k++) {
        const at2d = (n * 21 + k) * 2;
        error += Math.hypot(hand.keypoints2d[k * 2]! - test.keypoints[at2d]!, hand.keypoints2d[k * 2 + 1]! - test.keypoints[at2d + 1]!); // prettier-ignore
      }
    }
    expect(Number(/^2D mean, px of 256 +([\d.]+)/m.exec(text)![1])).toBeCloseTo(error / 105, 1);
  }, 240_000);

  it('says what is wrong and writes nothing', async () => {
    const out = at('nothing');
    const failing = (options: object) => evaluateRuns({ runs: [at('one')], data: source(), out, ...options });
    await expect(failing({ runs: [] })).rejects.toThrow('evaluateRuns: expected at least one run, got none.');
    await expect(failing({ runs: [at('one'), at('none')] })).rejects.toThrow('expected a checkpoint folder at');
    await expect(failing({ published: at('none') })).rejects.toThrow('but there is no such folder.');
    await expect(failing({ published: at('data', 'images', 'test') })).rejects.toThrow('parsePublishedCurve: expected');
    await expect(
      scoreSubmission({ submission: at('rgb'), xyz: at('none'), protocol: 'freihand', out }),
    ).rejects.toThrow(`${at('rgb')}: expected JSON, got text that is none.`);
    expect(await readdir(folder)).not.toContain('nothing');
  }, 240_000);
});

describe('runNames', () => {
  it('tells runs apart', () => {
    expect(runNames(['runs/a', 'runs/b/checkpoint', 'other/a'])).toEqual(['a', 'b', 'a-2']);
  });
});

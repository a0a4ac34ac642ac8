import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  demo: ['--out', '--short', '--seed', '--replicas', '--backend'],
  synthesize: ['--out', '--train', '--test', '--size', '--seed', '--preset', '--workers', '--overwrite'],
  pretrain: ['<config>', '--root', '--checkpoint', '--out', '--iterations', '--replicas', '--backend'],
  train: ['<config>', '--root', '--checkpoint', '--out', '--iterations', '--replicas', '--backend'],
  evaluate: ['<data>', '--checkpoint', '--out', '--split', '--reader', '--rows', '--backend'],
  predict: ['<image...>', '--checkpoint', '--out', '--box', '--side', '--backend'],
  fit: ['<root>', '--reader', '--out', '--coefficients', '--rows', '--iterations', '--backend'],
};
const CONFIG = `
model: { encoder: small, inputSize: 32 }
data: { prepared: data }
optimizer: { batchSize: 4, iterations: 2, learningRate: 0.001 }
`;

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
let folder: string;

/** `opposable …` in the test's folder. */
function opposable(...words: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const how = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } };
    execFile(process.execPath, [MAIN, ...words], how, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Two at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** Everything in the folder that is written before a command runs. */
const listing = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-cli-'));
  const made = await opposable(...'synthesize --out data --train 4 --test 2 --size 32 --workers 0'.split(' '));
  expect(made).toMatchObject({ code: 0, stderr: '' });
  await writeFile(join(folder, 'good.yaml'), `${CONFIG}out: run\n`);
  const trained = await opposable('pretrain', 'good.yaml', '--replicas', '1');
  expect(trained).toMatchObject({ code: 0, stderr: '' });
  const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const photo = await readFile(join(folder, 'data/images/test/00000000.jpg'));
  await put('good.jpg', photo);
  await put('empty.jpg', '');
  await put('text.jpg', 'this is no image');
  await put('cut.jpg', photo.subarray(0, 200));
  await put('key.yaml', `${CONFIG}out: no\nsed: 1\n`);
  await put('type.yaml', `${CONFIG}out: no\n`.replace('iterations: 2', 'iterations: two'));
  await put('broken.yaml', 'model: [1\n');
  await put('zero.yaml', `${CONFIG}out: no\nweights: { keypoints2d: 0, keypoints3d: 0, mask: 0, regularization: 0 }\n`);
  await put('elsewhere.yaml', `${CONFIG}out: no\n`.replace('prepared: data', 'prepared: nowhere'));
  await put('nan.yaml', `${CONFIG}out: no\n`.replace('prepared: data', 'prepared: nan'));
  await put('nan3d.yaml', `${CONFIG}out: no\n`.replace('prepared: data', 'prepared: nan3d'));
  await put('noimage.yaml', `${CONFIG}out: no\n`.replace('prepared: data', 'prepared: noimage'));
  await put('numberless.yaml', `${CONFIG}out: no\n`.replace('prepared: data', 'prepared: numberless'));
  const spoilt = async (name: string, spoil: (text: string) => string): Promise<void> => {
    await cp(join(folder, 'data'), join(folder, name), { recursive: true });
    const file = join(folder, name, 'train.json');
    await writeFile(file, spoil(await readFile(file, 'utf8')));
  };
  const change = (text: string, at: (annotation: Record<string, unknown>) => void): string => {
    const json = JSON.parse(text) as { annotations: Record<string, unknown>[] };
    at(json.annotations[2]!);
    return JSON.stringify(json);
  };
  await spoilt('nan', (text) => text.replace(/("keypoints":\s*\[)[^,]+/, '$1NaN'));
  await spoilt('nan3d', (text) => change(text, (a) => ((a['keypoints_3d'] as unknown[])[4] = null)));
  await spoilt('numberless', (text) => change(text, (a) => delete a['hand_parameters']));
  await spoilt('noimage', (text) => text);
  await rm(join(folder, 'noimage/images/train/00000001.jpg'));
  await cp(join(folder, 'run'), join(folder, 'damaged'), { recursive: true });
  await writeFile(join(folder, 'damaged/checkpoint/weights.safetensors'), 'short');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('opposable', () => {
  it('prints its commands and ends with 2 when no command is given, with 0 when asked for help', async () => {
    const [alone, help] = await Promise.all([opposable(), opposable('--help')]);
    expect([alone.code, alone.stdout]).toEqual([2, '']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(alone.stderr).toBe(help.stdout);
    for (const command of Object.keys(COMMANDS)) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it('names the options of every command', async () => {
    await each(Object.entries(COMMANDS), async ([command, options]) => {
      const { code, stdout, stderr } = await opposable(command, '--help');
      expect([command, code, stderr]).toEqual([command, 0, '']);
      for (const option of options) expect(stdout).toContain(option);
    });
  }, 60_000);

  it('trains, evaluates and predicts', async () => {
    expect(await listing()).toEqual(
      expect.arrayContaining([
        'run/checkpoint/weights.safetensors',
        'run/evaluation/hands.png',
        'run/evaluation/scores.json',
        'run/metrics-pretrain.jsonl',
      ]),
    );
    const evaluated = await opposable(...'evaluate data --checkpoint run --out scores'.split(' '));
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
    expect(evaluated.stdout).toMatch(/^hands +2$/m);
    const predicted = await opposable(...'predict good.jpg --checkpoint run --out hands --box 4,4,20,20'.split(' '));
    expect(predicted).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(join(folder, 'hands'))).sort()).toEqual(['good.glb', 'good.jpg', 'good.json', 'good.obj', 'good.png'].filter((name) => name !== 'good.jpg')); // prettier-ignore
    await Promise.all(['scores', 'hands'].map((name) => rm(join(folder, name), { recursive: true })));
  }, 60_000);

  it('replaces a dataset only when told to', async () => {
    const words = 'synthesize --out again --train 1 --test 0 --size 32 --workers 0'.split(' ');
    expect((await opposable(...words)).code).toBe(0);
    const refused = await opposable(...words);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/expected a folder that is new or empty/),
    ]);
    expect((await opposable(...words, '--overwrite')).code).toBe(0);
    await rm(join(folder, 'again'), { recursive: true });
  }, 60_000);

  const HINT = 'Run with --help to see what is accepted.';
  const PREDICT = '--checkpoint run --out no';
  // what is typed, and what the sentence names
  // prettier-ignore
  const BAD: readonly (readonly [string, readonly string[]])[] = [
    ['learn', ["error: unknown command 'learn'", HINT]],
    ['demo --size 64', ["error: unknown option '--size'", HINT]],
    ['demo --seed -1', ["option '--seed <n>' argument '-1' is invalid", 'at least 0', HINT]],
    ['demo --replicas 7 --out no', ['runReplicas: expected a number of replicas that divides', 'got 7.']],
    ['demo --backend gpu', ["argument 'gpu' is invalid", 'auto, wasm, cpu', HINT]],
    ['synthesize', ["error: required option '--out <dir>' not specified", HINT]],
    ['synthesize --out no --train 0 --test 0', ['expected at least one sample']],
    ['synthesize --out no --preset pretty', ["argument 'pretty' is invalid", 'demo, seed', HINT]],
    ['synthesize --out data', ['data holds a prepared dataset', 'overwrite']],
    ['pretrain', ["error: missing required argument 'config'", HINT]],
    ['pretrain none.yaml', ['none.yaml: expected a configuration file in YAML that can be read, but there is no such file.']],
    ['pretrain broken.yaml', ['broken.yaml: not valid YAML: ']],
    ['pretrain key.yaml', ['key.yaml: unknown key sed (accepted: seed, model, data, optimizer, augmentation, out, weights, poseMetric).']],
    ['pretrain type.yaml', ['type.yaml: optimizer.iterations: expected number, got "two".']],
    ['pretrain elsewhere.yaml', ['there is no folder ', 'nowhere.']],
    ['pretrain nan.yaml', ['train.json', 'NaN']],
    ['pretrain nan3d.yaml', ['annotations[2].keypoints_3d, expected 63 finite numbers.']],
    ['pretrain noimage.yaml', ['00000001.jpg cannot be read (there is no such file)']],
    ['pretrain numberless.yaml', ["expected samples with the 22 numbers (synthetic hands have them), got sample 'train-00000002' without."]],
    ['pretrain good.yaml --out no --replicas 3', ['expected a number of replicas that divides the 4 samples of a batch, got 3.']],
    ['pretrain good.yaml --out no --root x', ['--root is accepted only where the configuration has data.reader']],
    ['pretrain good.yaml --out good.jpg', ['good.jpg cannot be used: there is a file where a folder is expected.']],
    ['train zero.yaml', ['train: expected at least one loss weight above 0 from the start, got none.']],
    ['train good.yaml --out no', ['good.yaml: weights: expected object, it is missing.']],
    ['train zero.yaml --checkpoint none', ['loadCheckpoint: expected a checkpoint folder at none, found none.']],
    ['evaluate data --out no', ["error: required option '--checkpoint <run>' not specified", HINT]],
    ['evaluate nowhere --checkpoint run --out no', ['there is no folder ', 'nowhere.']],
    ['evaluate data --checkpoint run --out no --split dev', ["expected one of the splits train, test, got 'dev'."]],
    ['evaluate data --checkpoint run --out no --reader coco', ["argument 'coco' is invalid", 'ge-realworld', HINT]],
    ['evaluate data --checkpoint run --out no --rows 1', ['--rows is accepted only together with --reader.']],
    ['evaluate data --checkpoint run --out no --rows 1,x', ["argument '1,x' is invalid", 'separated by commas', HINT]],
    ['evaluate data --checkpoint run --out no --reader ge-realworld', ['params.mat cannot be read (there is no such file).']],
    ['fit data --reader ge-realworld --out no', ['params.mat cannot be read (there is no such file).']],
    [`predict ${PREDICT}`, ["error: missing required argument 'image'", HINT]],
    ['predict good.jpg --checkpoint none --out no', ['expected a checkpoint folder at none, found none.']],
    ['predict good.jpg --checkpoint data --out no', ['expected the file state.json in ', 'data, found none that can be read.']],
    ['predict good.jpg --checkpoint damaged --out no', ['weights.safetensors in ', 'is damaged']],
    [`predict none.jpg ${PREDICT}`, ['none.jpg cannot be read (there is no such file); accepted are JPEG, ']],
    [`predict empty.jpg ${PREDICT}`, ['empty.jpg is empty; accepted are JPEG, ']],
    [`predict text.jpg ${PREDICT}`, ['text.jpg cannot be read as an image', 'accepted are JPEG, ']],
    [`predict cut.jpg ${PREDICT}`, ['cut.jpg cannot be read as an image', 'accepted are JPEG, ']],
    [`predict data ${PREDICT}`, ['data cannot be read', 'accepted are JPEG, ']],
    [`predict good.jpg ${PREDICT} --box 3,3,0,5`, ["argument '3,3,0,5' is invalid", 'with a positive size', HINT]],
    [`predict good.jpg ${PREDICT} --box 3,3,NaN,5`, ["argument '3,3,NaN,5' is invalid", HINT]],
    [`predict good.jpg ${PREDICT} --box 3,,4,5`, ["argument '3,,4,5' is invalid", HINT]],
    [`predict good.jpg ${PREDICT} --box 99,99,5,5`, ['expected a box of more than one pixel that touches the 32×32 image, got 99, 99, 5, 5.']],
    [`predict good.jpg ${PREDICT} --side both`, ["argument 'both' is invalid", 'right, left', HINT]],
  ];

  it('answers bad input with one sentence and exit code 2, and leaves nothing behind', async () => {
    const before = await listing();
    const problems: string[] = [];
    await each(BAD, async ([words, parts]) => {
      const { code, stderr } = await opposable(...words.split(' '));
      const lines = stderr.trimEnd().split('\n');
      const expected = parts.includes(HINT) ? 2 : 1;
      const missing = parts.filter((part) => !stderr.includes(part));
      if (code === 2 && lines.length === expected && missing.length === 0 && !stderr.includes('    at ')) return;
      problems.push(
        `opposable ${words}\n  exit code ${code}\n  ${lines.join('\n  ')}\n  missing: ${missing.join(' | ')}`,
      );
    });
    expect(problems).toEqual([]);
    expect(await listing()).toEqual(before);
  }, 120_000);

  it('goes on with the other images, and names those that it could not use', async () => {
    const { code, stdout, stderr } = await opposable(...'predict text.jpg good.jpg none.jpg --checkpoint run --out some'.split(' ')); // prettier-ignore
    expect(code).toBe(2);
    expect(stdout).toContain('good.jpg → ');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('text.jpg cannot be read as an image');
    expect(lines[1]).toContain('none.jpg cannot be read');
    expect(lines[2]).toBe('predict: 2 of 3 images could not be used: text.jpg, none.jpg.');
    expect((await readdir(join(folder, 'some'))).sort()).toEqual(['good.glb', 'good.json', 'good.obj', 'good.png']);
    await rm(join(folder, 'some'), { recursive: true });
  }, 60_000);
});

import { spawn } from 'node:child_process';
import { access, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ITERATIONS = 24;

/** With the loader, augmentation, schedules that follow the loss. */
const config = (kind: 'pretrain' | 'train') => `
model: { encoder: small, inputSize: 32 }
data: { mix: [{ prepared: data }, { synthetic: { seed: 3, size: 48 }, weight: 2 }] }
loader: { threads: 2, ahead: 2 }
optimizer:
  batchSize: 4
  iterations: ${ITERATIONS}
  learningRate: 0.001
  warmUp: 3
  learningRatePlateau: { factor: 0.5, every: 4, patience: 0 }
augmentation: { preset: strong }
keep: { every: 3, last: 2, validateEvery: 10 }
validation: { prepared: data }
${kind === 'train' ? 'weights: { keypoints2d: 4, keypoints3d: 1000, mask: 10, regularization: 1 }\nbetaWeight: 1\nmaskSize: 32\nmaskSchedule: { onPlateau: [100, 10, 1], every: 3, patience: 0 }\n' : ''}
out: unused
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-resume-'));
  await run('synthesize --preset demo --out data --train 10 --test 4 --size 48 --workers 0');
  for (const kind of ['pretrain', 'train'] as const) await writeFile(join(folder, `${kind}.yaml`), config(kind));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

/** `opposable …`, told `how` once its output shows `when`. */
function run(words: string, end?: { readonly when: RegExp; readonly how: NodeJS.Signals }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...words.split(' ')], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let out = '';
    let isTold = false;
    const hear = (text: Buffer): void => {
      out += text.toString();
      if (isTold || !end?.when.test(out)) return;
      isTold = true; // once: a second time means at once
      child.kill(end.how);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // not 'exit': the last words may still be on their way
    child.once('close', (code, signal) => resolve({ code, signal, out }));
  });
}

const weights = (out: string): Promise<Buffer> => readFile(join(folder, out, 'checkpoint', 'weights.safetensors'));

/** Ends a process without a word as soon as a file is there. */
async function killAt(words: string, path: string): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...words.split(' ')], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: 'ignore',
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, out: '' }));
  });
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    if (await access(join(folder, path)).then(() => true, () => false)) break; // prettier-ignore
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGKILL');
  return ended;
}

describe.each([
  ['pretrain', 1],
  ['train', 2],
] as const)('opposable %s with %i replicas', (kind, replicas) => {
  const name = `${kind}-${replicas}`;
  const words = (out: string, more = '') => `${kind} ${kind}.yaml --out ${out} --replicas ${replicas}${more}`;

  it('killed again and again and resumed gives the bits of a run that nobody touched', async () => {
    const whole = await run(words(`${name}-whole`));
    expect(whole.out).toMatch(/waiting for data/);
    expect(whole.code).toBe(0);
    const out = `${name}-killed`;
    // while a checkpoint is being written, just after one, and again after going on
    for (const iteration of [6, 15]) {
      const at = `${out}/checkpoints-${kind}/step-${String(iteration).padStart(8, '0')}`;
      const killed = await killAt(words(out, iteration > 6 ? ' --resume' : ''), at);
      expect(killed.signal).toBe('SIGKILL');
    }
    const resumed = await run(words(out, ' --resume'));
    expect(resumed.out).toMatch(/going on from iteration (1[5-9]|2\d) of /);
    expect(resumed.code).toBe(0);
    expect((await weights(out)).equals(await weights(`${name}-whole`))).toBe(true);
    expect((await readdir(join(folder, out, `checkpoints-${kind}`))).sort()).toEqual(['best', 'step-00000021', 'step-00000024']); // prettier-ignore
    const lines = (await readFile(join(folder, out, `metrics-${kind}.jsonl`), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { iteration: number }).iteration)).toEqual([20, 24]);
    expect(await readdir(join(folder, out))).not.toContain('in-use.json');
  }, 900_000);
});

it('saves and ends in order when it is told to stop, and refuses to begin anew unasked', async () => {
  const words = 'train train.yaml --out stopped --replicas 2';
  const stopped = await run(words, { when: /train 20\/24/, how: 'SIGTERM' });
  expect(stopped.code).toBe(130);
  expect(stopped.out).toMatch(/Stopping …[^]*Stopped early; the checkpoint of what was reached is in stopped\. Go on with --resume\./); // prettier-ignore
  const again = await run(words);
  expect(again.code).toBe(2);
  expect(again.out).toMatch(/is of a train stage that stopped at iteration \d+ of 24; go on with --resume, or begin anew with --overwrite\.\n$/); // prettier-ignore
  const other = await run('train train.yaml --out stopped --replicas 1 --resume');
  expect(other.out).toMatch(/expected 2 replicas as before .*, got 1\.\n$/);
  // other data, by what is in it and not by where it lies, and another backend
  await cp(join(folder, 'data'), join(folder, 'moved'), { recursive: true });
  await run('synthesize --preset demo --out others --train 10 --test 4 --size 48 --seed 8 --workers 0');
  for (const [name, from] of [
    ['moved', 'prepared: moved }, {'],
    ['others', 'prepared: others }, {'],
  ] as const) {
    await writeFile(join(folder, `${name}.yaml`), config('train').replace('prepared: data }, {', from));
  }
  const otherData = await run('train others.yaml --out stopped --replicas 2 --resume');
  expect(otherData).toMatchObject({ code: 2 });
  expect(otherData.out).toMatch(/train: expected the data that .* was trained on, but data\.0\.sha256 is another\.\n$/);
  await writeFile(join(folder, 'masks.yaml'), config('train').replace('maskSize: 32', 'maskSize: 48'));
  const otherMasks = await run('train masks.yaml --out stopped --replicas 2 --resume');
  expect(otherMasks).toMatchObject({ code: 2 });
  expect(otherMasks.out).toMatch(/the settings that .* was trained with, but maskSize is another\.\n$/);
  const otherBackend = await run('train train.yaml --out stopped --replicas 2 --resume --backend cpu');
  expect(otherBackend).toMatchObject({ code: 2 });
  expect(otherBackend.out).toMatch(/expected (1 replica where|the backend wasm as before)/);
  expect((await run('train moved.yaml --out stopped --replicas 2 --resume')).code).toBe(0);
  expect((await weights('stopped')).equals(await weights('train-2-whole'))).toBe(true);
  const done = await run(`${words} --resume --iterations 26`);
  expect(done.out).toMatch(/going on from iteration 24 /);
  expect(done.code).toBe(0);
}, 900_000);

import { execFile, fork } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const ANSWER_LINES = fileURLToPath(new URL('./answer-lines.mjs', import.meta.url));
const LIST_MODULES = new URL('./list-modules.mjs', import.meta.url).href;
const CONFIG = `
model: { encoder: small, inputSize: 32 }
data: { prepared: data }
optimizer: { batchSize: 4, iterations: 2, learningRate: 0.001 }
`;

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** Where the commands run; there after {@link makeFolder}. */
export let folder: string;

function answer(words: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const how = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } };
    execFile(process.execPath, words, how, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** `opposable …` in the test's folder. */
export const opposable = (...words: string[]): Promise<Answer> => answer([MAIN, ...words]);

/** URLs of the modules that `opposable …` loads. */
export async function modulesOf(...words: string[]): Promise<string[]> {
  const { stderr } = await answer(['--import', LIST_MODULES, MAIN, ...words]);
  return stderr.split('\n').filter((line) => line.startsWith('file:'));
}

/**
 * The answers of one process to one command line after the other.
 *
 * @returns the same as of {@link opposable} for each; a line at which the process ends has its exit code and an empty text
 */
export async function* answers(lines: readonly string[]): AsyncGenerator<Answer> {
  const start = () => fork(ANSWER_LINES, { cwd: folder, execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
  let child = start();
  try {
    for (const line of lines) {
      yield await new Promise<Answer>((resolve) => {
        const ended = (code: number | null): void => {
          child = start();
          resolve({ code: code ?? -1, stdout: '', stderr: '' });
        };
        child.once('exit', ended);
        child.once('message', (answer: Answer) => {
          child.off('exit', ended);
          resolve(answer);
        });
        child.send({ words: line.split(' ') });
      });
    }
  } finally {
    child.kill();
  }
}

/** Everything in the folder that is written before a command runs. */
export const listing = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

/** A folder with a dataset, a run, and everything that is wrong with others. */
export async function makeFolder(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'opposable-cli-'));
  const made = await opposable(
    ...'synthesize --preset demo --out data --train 4 --test 2 --size 32 --workers 0'.split(' '),
  );
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
  await put('cut.glb', 'glTF and no more');
  await put('key.yaml', `${CONFIG}out: no\nsed: 1\n`);
  await put('type.yaml', `${CONFIG}out: no\n`.replace('iterations: 2', 'iterations: two'));
  await put(
    'decays.yaml',
    `${CONFIG}out: no\n`.replace(
      '0.001 }',
      '0.001, learningRateStep: { every: 1, factor: 1 }, learningRateCosine: { final: 0 } }',
    ),
  );
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
}

export const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });

import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, folder, makeFolder } from './test-support/cli-fixture.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { findWebGpu } = (await import(new URL('../../../tools/find-webgpu.mjs', import.meta.url).href)) as {
  findWebGpu: () => Promise<{ env: Record<string, string>; what: string } | undefined>;
};
const found = await findWebGpu();
const missing = '(skipped: neither a graphics card nor SwiftShader, which Debian’s chromium brings along)';

/** The command with some backend where there is an adapter; it has to end by itself, otherwise it is killed and the code is 1. */
function computed(words: string, backend: string, env = found?.env ?? {}): Promise<Answer> {
  return new Promise((resolve) => {
    const how = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...env }, timeout: 900_000 };
    execFile(process.execPath, [MAIN, ...words.split(' '), '--backend', backend], how, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

const numbersIn = (text: string): number[] => (text.match(/-?\d+\.\d+(e-?\d+)?/g) ?? []).map(Number);
const nearly = (a: number[], b: number[], relative: number) =>
  a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= relative * Math.max(1, Math.abs(b[i]!)));

(found === undefined ? describe.skip : describe)(`--backend webgpu ${found?.what ?? missing}`, () => {
  beforeAll(makeFolder);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const WORDS = /^Backend: webgpu \(.+\), as asked for\./;

  it('predicts, evaluates and trains as wasm does, and ends', async () => {
    const both = async (words: string, file: string, tolerance: number): Promise<void> => {
      const numbers: number[][] = [];
      for (const backend of ['webgpu', 'wasm']) {
        const out = `${words.split(' ')[0]}-${backend}`;
        const answer = await computed(`${words} --out ${out}`, backend);
        expect([answer.code, backend === 'wasm' || WORDS.test(answer.stdout), answer.stderr]).toEqual([0, true, expect.anything()]); // prettier-ignore
        numbers.push(numbersIn(await readFile(join(folder, out, file), 'utf8')));
      }
      expect(numbers[0]!.length).toBeGreaterThan(3);
      expect([words, nearly(numbers[0]!, numbers[1]!, tolerance)]).toEqual([words, true]);
    };
    await both('predict data/images/test/00000000.jpg --checkpoint run', '00000000.json', 5e-3); // pixels, and millimetres of a crop of 32 pixels
    await both('evaluate run --data data', 'scores.csv', 1e-3);
    const trained = await computed('pretrain good.yaml --out trained --replicas 1', 'webgpu');
    expect([trained.code, WORDS.test(trained.stdout)]).toEqual([0, true]);
    const lossOf = (text: string) => numbersIn(/loss (\S+)\n/.exec(text)?.[0] ?? '');
    const onWasm = await computed('pretrain good.yaml --out trained-wasm --replicas 1', 'wasm');
    expect(lossOf(trained.stdout)).toHaveLength(1);
    expect(nearly(lossOf(trained.stdout), lossOf(onWasm.stdout), 1e-2)).toBe(true);
  });

  it('says that there is no adapter, and `auto` takes none that computes on the CPU', async () => {
    const none = await computed('predict good.jpg --checkpoint run --out no', 'webgpu', { VK_ICD_FILENAMES: '/none.json' }); // prettier-ignore
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('backend "webgpu" needs a graphics adapter, and there is none that WebGPU reaches');
    if (found!.env['VK_ICD_FILENAMES'] === undefined) return;
    const auto = await computed('predict good.jpg --checkpoint run --out auto', 'auto');
    expect([auto.code, auto.stdout]).toEqual([0, expect.stringMatching(/^Backend: wasm/)]);
  });
});

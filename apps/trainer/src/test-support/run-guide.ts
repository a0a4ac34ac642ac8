import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../../..');
const main = join(root, 'apps/trainer/dist/main.js');

/** What each program and the last call of each command has printed. */
export type GuideOutput = Readonly<Record<string, string>>;

interface GuideOptions {
  /** Puts into the folder what a reader of the guide has. */
  readonly before?: (folder: string) => Promise<void>;
  /** The same code with sizes that a test has time for. */
  readonly smaller?: (code: string) => string;
}

/** Runs the programs (`ts`) and commands (`sh`) of a guide in order, and writes its `yaml`, against the built packages. */
export async function runGuide(
  name: string,
  check: (folder: string, said: GuideOutput) => Promise<void>,
  { before, smaller = (code) => code }: GuideOptions = {},
): Promise<void> {
  const markdown = await readFile(join(root, 'docs/guides', name), 'utf8');
  // inside the trainer, which depends on every package, so that imports resolve as a user's would
  const folder = await mkdtemp(join(here, '../../out-tsc-guide-'));
  const said: Record<string, string> = {};
  const execute = async (what: string, words: readonly string[]): Promise<void> => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, [...words], { cwd: folder, env }).catch((error: Error) => {
      throw new Error(`${name}: ${what}\n${error.message}`);
    });
    said[what] = stdout;
  };
  try {
    await before?.(folder);
    for (const [, language, text] of markdown.matchAll(/^```(ts|sh|yaml)\n([\s\S]*?)^```$/gm)) {
      const code = smaller(text!);
      if (language === 'sh') {
        for (const line of code.trim().split('\n')) {
          const [program, ...words] = line.split(' ');
          if (program !== 'opposable') throw new Error(`${name}: expected a command of opposable, got ${line}.`);
          await execute(words[0]!, [main, ...words]);
        }
        continue;
      }
      const file = /^(?:\/\/|#) (\S+\.(?:mjs|yaml))$/m.exec(code)?.[1];
      if (file === undefined) throw new Error(`${name}: expected the name of a file in the first line of ${code}`);
      await writeFile(join(folder, file), code);
      if (language === 'ts') await execute(file, [join(folder, file)]);
    }
    await check(folder, said);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

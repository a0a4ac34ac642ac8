import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Asset {
  readonly fileName: string;
  readonly source: Uint8Array;
}
interface Answer {
  status?: number;
  body?: string;
  writeHead(status: number): Answer;
  end(body?: Uint8Array): void;
}
type Middleware = (request: { readonly url: string }, response: Answer, next: () => void) => void;
interface Plugin {
  generateBundle(this: { emitFile(asset: Asset): void }): void;
  configureServer(server: { readonly middlewares: { use(middleware: Middleware): void } }): void;
}

const place = '../own-network.mjs';
let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'playground-network-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What is put into the page, and what the development server answers. */
async function tried(path: string, url: string) {
  const { ownNetwork } = (await import(place)) as { ownNetwork: (path: string) => Plugin };
  const plugin = ownNetwork(path);
  const built: Record<string, string> = {};
  plugin.generateBundle.call({
    emitFile: ({ fileName, source }) => (built[fileName] = Buffer.from(source).toString()),
  });
  let served: string | number | undefined;
  plugin.configureServer({
    middlewares: {
      use(middleware) {
        const answer: Answer = {
          writeHead: (status) => Object.assign(answer, { status }),
          end: (body) => (served = body === undefined ? answer.status : Buffer.from(body).toString()),
        };
        middleware({ url }, answer, () => (served = 'passed on'));
      },
    },
  });
  return { built, served };
}

it('the page gets the two files of a network, in the build and from the server', async () => {
  await writeFile(join(folder, 'model.json'), '{}');
  await writeFile(join(folder, 'weights.bin'), 'numbers');
  await writeFile(join(folder, 'secret.txt'), 'not for the page');
  const { built, served } = await tried(folder, '/models/regressor/weights.bin?t=1');
  expect(built).toEqual({ 'models/regressor/model.json': '{}', 'models/regressor/weights.bin': 'numbers' });
  expect(served).toBe('numbers');
  expect((await tried(folder, '/models/regressor/secret.txt')).served).toBe(404);
  expect((await tried(folder, '/src/main.ts')).served).toBe('passed on');
});

it('the page has none where one of the files is missing, or where it is told so', async () => {
  await writeFile(join(folder, 'model.json'), '{}');
  expect(await tried(folder, '/models/regressor/model.json')).toEqual({ built: {}, served: 404 });
  expect(await tried('', '/models/regressor/model.json')).toEqual({ built: {}, served: 404 });
});

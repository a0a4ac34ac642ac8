import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

/** Bundles a file of this folder for browsers, in a process of its own: the bundler does not run inside jest's module loader. */
function bundle(name: string): string {
  const options = {
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@opposable/source'],
  };
  const script = `import { build } from 'esbuild';
    const { outputFiles } = await build(${JSON.stringify(options)});
    process.stdout.write(outputFiles[0].text);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    cwd: folder,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What makes a page cross-origin isolated: shared memory, and with it the threads of the backend. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Serves the test page on this machine alone: `/` as it is, `/isolated` cross-origin isolated. */
export async function serveTestPage(): Promise<{ origin: string; close(): void }> {
  const wasmFolder = join(
    dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
    'wasm-out',
  );
  const scripts: Record<string, string> = { '/page.js': bundle('page'), '/worker.js': bundle('worker') };
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';
  const server = createServer(({ url = '' }, response) => {
    const send = (type: string, body: string | Buffer): void =>
      void response.writeHead(200, { 'Content-Type': type, ...isolationOf(url) }).end(body);
    if (url === '/' || url === '/isolated') return send('text/html', html);
    if (scripts[url] !== undefined) return send('text/javascript', scripts[url]);
    const wasm = /^\/wasm\/([\w-]+\.wasm)$/.exec(url)?.[1];
    if (wasm !== undefined) return send('application/wasm', readFileSync(join(wasmFolder, wasm)));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

/** A page asks for isolation, its scripts only have to allow it. */
function isolationOf(url: string): Record<string, string> {
  return url === '/' ? {} : ISOLATION;
}

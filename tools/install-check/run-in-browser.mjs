/* global window -- of the page */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };

/** Runs one example after the other and says which failed; on a page as `window.found`, in a worker as a message. */
function program(names, answer) {
  return `import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
setWasmPaths('/wasm/');
await tf.setBackend('wasm'); // one page holds them all, also those that expect only the cpu backend to be there
const examples = {
${names.map((name) => `  '${name}': () => import('./compiled/${name}.js'),`).join('\n')}
};
const found = {};
for (const [name, run] of Object.entries(examples)) {
  try {
    await run();
    found[name] = 'ran';
  } catch (error) {
    found[name] = String(error?.stack ?? error);
  }
}
${answer}
`;
}

function writeProject(folder, names) {
  writeFileSync(join(folder, 'page.js'), program(names, 'window.found = found;'));
  writeFileSync(join(folder, 'worker.js'), program(names, 'self.postMessage(found);'));
  writeFileSync(
    join(folder, 'start-worker.js'),
    `const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => { window.found = data; };
worker.onerror = (event) => { window.found = { worker: event.message ?? 'could not be started' }; };
`,
  );
  for (const name of ['page', 'start-worker'])
    writeFileSync(
      join(folder, `${name}.html`),
      `<!doctype html><title>${name}</title><script type="module" src="/${name}.js"></script>\n`,
    );
  writeFileSync(
    join(folder, 'vite.config.js'),
    `export default {
  worker: { format: 'es' },
  build: { target: 'esnext', rollupOptions: { input: ['page.html', 'start-worker.html'] } },
};
`,
  );
}

async function serve(root) {
  const server = createServer(async (request, response) => {
    const path = join(root, new URL(request.url, 'http://localhost').pathname);
    try {
      const body = await readFile(path);
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Bundles the examples that need no file system with Vite, and runs them on a page and in a module worker. */
export async function runInBrowser(folder, examples, report) {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    return report(
      'browser',
      'expected Chromium, as of `apt-get install chromium`, or CHROMIUM with its path, got none.',
    );
  }
  const names = examples.filter(({ runs, inNodeOnly }) => runs && !inNodeOnly).map(({ name }) => name);
  writeProject(folder, names);
  const built = spawnSync('npx', ['vite', 'build', '--logLevel', 'warn'], { cwd: folder, encoding: 'utf8' });
  if (built.status !== 0) return report('vite build', `${built.stdout}\n${built.stderr}`.trim().slice(-3000));
  for (const line of `${built.stdout}\n${built.stderr}`.split('\n'))
    // OpenCV's file asks where it runs before it uses Node's modules
    if (/externalized for browser compatibility/.test(line) && !line.includes('@techstark/opencv-js'))
      report('vite build', line.trim());
  mkdirSync(join(folder, 'dist/wasm'), { recursive: true });
  const binaries = join(folder, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
  for (const name of readdirSync(binaries).filter((file) => file.endsWith('.wasm')))
    copyFileSync(join(binaries, name), join(folder, 'dist/wasm', name));
  const server = await serve(join(folder, 'dist'));
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    for (const page of ['page', 'start-worker']) {
      const opened = await browser.newPage();
      opened.on('pageerror', ({ message }) => report(`${page}.html`, message));
      await opened.goto(`${server.origin}/${page}.html`);
      await opened.waitForFunction(() => window.found !== undefined, undefined, { timeout: 180_000 });
      const found = await opened.evaluate(() => window.found);
      for (const name of names)
        if (found[name] !== 'ran') report(`${name} on ${page}.html`, found[name] ?? found.worker ?? 'did not run.');
      await opened.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the page asks for its own regressor. */
const ADDRESS = 'models/regressor/';
const FILES = { 'model.json': 'application/json', 'weights.bin': 'application/octet-stream' };
const DEMO = fileURLToPath(new URL('../../runs/demo/model', import.meta.url));

/**
 * Puts the network that `npm run demo` trained into the page, where there is one. OPPOSABLE_PAGE_NETWORK names another folder with
 * the same two files; empty: none.
 */
export function ownNetwork(folder = process.env.OPPOSABLE_PAGE_NETWORK ?? DEMO) {
  const isThere = () => folder !== '' && Object.keys(FILES).every((name) => existsSync(join(folder, name)));
  return {
    name: 'own-network',
    generateBundle() {
      if (!isThere()) return;
      for (const name of Object.keys(FILES))
        this.emitFile({ type: 'asset', fileName: ADDRESS + name, source: readFileSync(join(folder, name)) });
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const [, name] = new RegExp(`/${ADDRESS}([\\w.]+)$`).exec(request.url.split('?')[0]) ?? [];
        if (name === undefined) return next();
        if (!Object.hasOwn(FILES, name) || !isThere()) return response.writeHead(404).end();
        response.writeHead(200, { 'Content-Type': FILES[name] }).end(readFileSync(join(folder, name)));
      });
    },
  };
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import swc from '@swc/jest';
import { withFastGlobals } from './fast-globals.mjs';

const VERSION = ['./fast-globals.mjs', './jest-transform.mjs'].reduce(
  (hash, file) => hash.update(readFileSync(new URL(file, import.meta.url))),
  createHash('sha256'),
);
const version = VERSION.digest('hex').slice(0, 16);

/** TypeScript by swc, with `withFastGlobals` upon it. What runs as CommonJS has its own way to them. */
function createTransformer(options) {
  const inner = swc.createTransformer(options);
  const changed = (result, { supportsStaticESM }) =>
    supportsStaticESM ? { ...result, code: withFastGlobals(result.code) } : result;
  return {
    canInstrument: inner.canInstrument,
    getCacheKey: (...given) => `${inner.getCacheKey(...given).slice(0, 16)}${version}`,
    process: (source, path, about) => changed(inner.process(source, path, about), about),
    processAsync: async (source, path, about) => changed(await inner.processAsync(source, path, about), about),
  };
}

export default { createTransformer };

// What a page pays for each package: minified and gzipped, with its own dependencies and without TensorFlow.js.
//
//   node tools/size-table.mjs            writes docs/sizes.md
//   node tools/size-table.mjs --check    fails if docs/sizes.md is more than 5 % off, or a browser entry reaches Node's modules
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const document = join(root, 'docs/sizes.md');
const TOLERANCE = 0.05;
const LIMIT = 40; // kB, of the layer with all that it needs

/** What is imported, and from where. */
const IMPORTS = [
  ['the whole layer', { '@opposable/mano-layer': '*', '@opposable/skinning': '*', '@opposable/geometry': '*' }],
  ['`ManoLayer` alone', { '@opposable/mano-layer': 'ManoLayer' }],
  ['`decodeHandParameters` on the host', { '@opposable/mano-layer/conventions': 'decodeHandParameters' }],
  ['`loadManoModel` from bytes', { '@opposable/mano-layer/files': 'loadManoModel' }],
  ['`linearBlendSkinning`', { '@opposable/skinning': 'linearBlendSkinning' }],
  ['`axisAngleToMatrix`', { '@opposable/geometry': 'axisAngleToMatrix' }],
  ['`alignSimilarity` on the host', { '@opposable/geometry/host': 'alignSimilarity' }],
  ['`reorder`', { '@opposable/keypoint-order': 'reorder' }],
  ['`keypoint2dLoss`', { '@opposable/losses': 'keypoint2dLoss' }],
  ['`paMpjpe`', { '@opposable/metrics': 'paMpjpe' }],
  ['`loadOpenHand`, the hand itself inside', { '@opposable/open-hand': 'loadOpenHand' }],
  ['`readNpz`', { '@opposable/array-files': 'readNpz' }],
  ['`renderMesh`', { '@opposable/drawing': 'renderMesh' }],
  ['`registerWasmTrainingKernels`', { '@opposable/wasm-training': 'registerWasmTrainingKernels' }],
  ['`registerWebGpuKernels`', { '@opposable/webgpu-kernels': 'registerWebGpuKernels' }],
  ['`fit`', { '@opposable/training': 'fit' }],
  ['`createHandRegressor`', { '@opposable/hand-regressor': 'createHandRegressor' }],
  ['prediction in a page, the hand itself inside', { '@opposable/hand-training/predict': '*' }],
];

/** Entries that are for Node; all others are for a page too. */
const FOR_NODE = /\/node$|^@opposable\/hand-training(\/choices)?$/;

/** What the packages export for pages. */
function browserEntries() {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
    if (manifest.private === true) return [];
    const entries = Object.keys(manifest.exports).map((path) => `${manifest.name}${path.slice(1)}`);
    return entries.filter((entry) => !FOR_NODE.test(entry) && !entry.endsWith('.json'));
  });
}

async function measure([label, imports]) {
  const lines = Object.entries(imports).map(([from, name], i) =>
    name === '*'
      ? `import * as all${i} from '${from}'; globalThis.kept${i} = all${i};`
      : `import { ${name} } from '${from}'; globalThis.kept${i} = ${name};`,
  );
  const { outputFiles, metafile } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'js' },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', splitting: true },
    ...{ write: false, metafile: true, outdir: 'out', logLevel: 'error' },
    external: ['@tensorflow/*', 'node:*', '@techstark/opencv-js'], // OpenCV: loaded by `createMask` alone; asks where it runs before it requires
  });
  // what is imported only when it is needed is in files of its own
  const entry = outputFiles.find(({ path }) => /stdin\.js$/.test(path));
  const output = Object.entries(metafile.outputs).find(([name]) => /stdin\.js$/.test(name))[1];
  const first = new Set([entry.path]);
  const follow = (imported) => {
    for (const { path, kind } of imported) {
      const found = outputFiles.find((file) => file.path.endsWith(path.replace(/^out/, '')));
      if (kind !== 'import-statement' || found === undefined || first.has(found.path)) continue;
      first.add(found.path);
      follow(metafile.outputs[path].imports);
    }
  };
  follow(output.imports);
  const bytes = outputFiles
    .filter(({ path }) => first.has(path))
    .map(({ contents }) => gzipSync(contents, { level: 9 }).length);
  const node = Object.values(metafile.outputs)
    .flatMap(({ imports: all }) => all)
    .filter(({ path }) => path.startsWith('node:'));
  return {
    label,
    from: Object.keys(imports),
    kilobytes: bytes.reduce((a, b) => a + b, 0) / 1000,
    node: node.map(({ path }) => path),
  };
}

const rows = [];
for (const each of IMPORTS) rows.push(await measure(each));
const entries = [];
for (const entry of browserEntries()) entries.push(await measure([entry, { [entry]: '*' }]));
const problems = [...rows, ...entries].flatMap(({ label, node }) =>
  node.length > 0 ? [`${label} reaches ${node.join(', ')}.`] : [],
);
if (rows[0].kilobytes > LIMIT) problems.push(`${rows[0].label} takes ${rows[0].kilobytes.toFixed(1)} kB of ${LIMIT}.`);

const table = rows.map(
  ({ label, from, kilobytes }) =>
    `| ${label} | ${from.map((name) => `\`${name}\``).join(', ')} | ${kilobytes.toFixed(1)} |`,
);
const text = `# What a page pays

Minified and gzipped kilobytes of what a page loads first, dependencies included, without TensorFlow.js. Written by
\`node tools/size-table.mjs\`; \`npm run pack-check\` fails when a number is more than 5 % off, when the whole layer takes more than
${LIMIT} kB, or when any entry of a package for pages (all but \`./node\`, \`@opposable/hand-training\` and its \`./choices\`) reaches a
module of Node.

| what | from | kB |
| ---- | ---- | -: |
${table.join('\n')}
`;
if (process.argv.includes('--check')) {
  const stated = [...readFileSync(document, 'utf8').matchAll(/^\|.*\|\s*([\d.]+) \|$/gm)].map((match) =>
    Number(match[1]),
  );
  if (stated.length !== rows.length) problems.push(`docs/sizes.md has ${stated.length} rows, expected ${rows.length}.`);
  rows.forEach(({ label, kilobytes }, i) => {
    if (Math.abs(kilobytes - stated[i]) > Math.max(0.1, TOLERANCE * kilobytes))
      problems.push(`${label} takes ${kilobytes.toFixed(1)} kB, docs/sizes.md says ${stated[i]}.`);
  });
} else {
  writeFileSync(document, await format(text, { ...(await resolveConfig(document)), parser: 'markdown' }));
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);

// Compiles assembly/<module>/index.ts of the packages below to their src/generated/<module>.ts, where the bytes stand as base64:
// with SIMD, and in wasm-training once more with relaxed SIMD (fused multiply-add). Pictures must be the same everywhere, so
// drawing has no relaxed variant. The output is committed; the same sources give the same bytes.
//
//   npm run build-wasm-kernels                  every module
//   npm run build-wasm-kernels -- gemm          some modules
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const PACKAGES = [
  { folder: packageFolder('wasm-training'), relaxed: true },
  { folder: packageFolder('drawing'), relaxed: false },
];

function packageFolder(name) {
  return fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
}

const modulesOf = (folder) =>
  readdirSync(`${folder}assembly`)
    .filter((name) => existsSync(`${folder}assembly/${name}/index.ts`))
    .sort();

function packageOf(name) {
  return PACKAGES.find(({ folder }) => modulesOf(folder).includes(name));
}

/** All that 32 bits address; as large as the backend declares its own memory. */
const MAXIMUM_PAGES = 65536;

const OPTIONS = [
  '-O3',
  '--converge',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--noExportMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  String(MAXIMUM_PAGES),
];

export const moduleNames = () => PACKAGES.flatMap(({ folder }) => modulesOf(folder));

/** Compiles one module and checks that it keeps to the rules: no data of its own, nothing imported but the memory. */
async function compile(name, features) {
  const assembly = `${packageOf(name).folder}assembly/`;
  let binary;
  const { error, stderr } = await asc.main(
    [
      `${name}/index.ts`,
      ...OPTIONS,
      ...features.flatMap((feature) => ['--enable', feature]),
      '--outFile',
      `${name}.wasm`,
    ],
    {
      readFile: (path) => (existsSync(`${assembly}${path}`) ? readFileSync(`${assembly}${path}`, 'utf8') : null),
      writeFile: (_path, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`build-wasm-kernels: ${name} does not compile.\n${stderr.toString()}`);
  const sections = sectionsOf(binary);
  const forbidden = ['global', 'data', 'memory', 'start'].filter((section) => sections.has(section));
  // A data segment of the stub runtime, or a global that is not constant, would write into the backend's memory.
  if (forbidden.some((section) => section === 'data' || section === 'memory' || section === 'start')) {
    throw new Error(`build-wasm-kernels: ${name} has a ${forbidden.join(' and a ')} section; see assembly/README.md.`);
  }
  return binary;
}

const SECTION_NAMES = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
];

function readUnsigned(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

/** Start of the contents of each section, by name. */
function sectionsOf(bytes) {
  const sections = new Map();
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const [size, start] = readUnsigned(bytes, at + 1);
    sections.set(id === 11 ? 'data' : id === 10 ? 'code' : (SECTION_NAMES[id] ?? `section ${id}`), start);
    at = start + size;
  }
  return sections;
}

/** Where the limits of the imported memory begin: a byte that is 1, or 3 for shared memory. */
function memoryFlagsAt(name, bytes) {
  const start = sectionsOf(bytes).get('import');
  let [count, at] = readUnsigned(bytes, start ?? 0);
  const [moduleLength, moduleAt] = readUnsigned(bytes, at);
  const [fieldLength, fieldAt] = readUnsigned(bytes, moduleAt + moduleLength);
  at = fieldAt + fieldLength;
  if (start === undefined || count !== 1 || bytes[at] !== 2 || bytes[at + 1] !== 1) {
    throw new Error(`build-wasm-kernels: ${name} must import env.memory and nothing else; see assembly/README.md.`);
  }
  return at + 1;
}

/** `export function name(a: i32, …): f32` of the sources as members of an interface, for the names that the module exports. */
function signatures(name, bytes) {
  const exported = new Set(WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map((e) => e.name));
  const members = new Map();
  const assembly = `${packageOf(name).folder}assembly/`;
  for (const file of readdirSync(`${assembly}${name}`)
    .filter((f) => f.endsWith('.ts'))
    .sort()) {
    const source = readFileSync(`${assembly}${name}/${file}`, 'utf8');
    for (const [, fn, parameters, result] of source.matchAll(/export function (\w+)\(([^)]*)\): (\w+)/g)) {
      if (!exported.has(fn)) continue;
      const names = parameters
        .replace(/\/\/.*$/gm, '')
        .split(',')
        .map((p) => p.trim())
        .filter((p) => p !== '')
        .map((p) => `${p.split(':')[0].trim()}: number`);
      members.set(fn, `  ${fn}(${names.join(', ')}): ${result === 'void' ? 'void' : 'number'};`);
    }
  }
  const missing = [...exported].filter((fn) => !members.has(fn));
  if (missing.length > 0)
    throw new Error(`build-wasm-kernels: ${name} exports ${missing.join(', ')} without a signature.`);
  return [...members.keys()].sort().map((fn) => members.get(fn));
}

const pascal = (name) => name.replace(/(^|-)(\w)/g, (_match, _dash, letter) => letter.toUpperCase());
const camel = (name) => name.replace(/-(\w)/g, (_match, letter) => letter.toUpperCase());
const base64 = (bytes) => Buffer.from(bytes).toString('base64');

/** The text of src/generated/<module>.ts. */
export async function generate(name) {
  const simd = await compile(name, ['simd']);
  const relaxed = packageOf(name).relaxed ? await compile(name, ['simd', 'relaxed-simd']) : undefined;
  const type = `${pascal(name)}Exports`;
  return [
    `// Generated by tools/build-wasm-kernels.mjs from assembly/${name}: do not edit.`,
    `import type { KernelModule } from '../native/kernel-module.js';`,
    '',
    `export interface ${type} {`,
    ...signatures(name, simd),
    '}',
    '',
    `export const ${camel(name)}Module: KernelModule<${type}> = {`,
    `  name: '${name}',`,
    `  simd: { memoryFlagsAt: ${memoryFlagsAt(name, simd)}, base64: '${base64(simd)}' },`,
    ...(relaxed === undefined
      ? []
      : [`  relaxedSimd: { memoryFlagsAt: ${memoryFlagsAt(name, relaxed)}, base64: '${base64(relaxed)}' },`]),
    '};',
    '',
  ].join('\n');
}

export const generatedPath = (name) => `${packageOf(name).folder}src/generated/${name}.ts`;

async function main() {
  const known = moduleNames();
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`build-wasm-kernels: expected modules among ${known.join(', ')}, got ${unknown}.`);
  }
  for (const name of asked.length === 0 ? known : asked) {
    const text = await generate(name);
    mkdirSync(dirname(generatedPath(name)), { recursive: true });
    writeFileSync(generatedPath(name), text);
    process.stdout.write(`${name}: ${text.length} characters\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import * as jsoncParser from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** What each package may import: the arrows of ARCHITECTURE.md. A new package gets its row here. */
const mayImport = {
  'tensor-checks': [],
  'keypoint-order': [],
  'array-files': ['tensor-checks'],
  drawing: ['tensor-checks'],
  'wasm-training': ['tensor-checks'],
  'webgpu-kernels': [],
  geometry: ['tensor-checks'],
  skinning: ['geometry', 'tensor-checks'],
  'mano-layer': ['skinning', 'geometry', 'array-files', 'keypoint-order', 'tensor-checks'],
  'open-hand': ['mano-layer'],
  'hand-datasets': ['array-files', 'keypoint-order', 'drawing', 'geometry', 'mano-layer', 'tensor-checks'],
  'hand-synthesis': [
    'hand-datasets',
    'keypoint-order',
    'drawing',
    'mano-layer',
    'open-hand',
    'skinning',
    'geometry',
    'tensor-checks',
  ],
  losses: ['geometry', 'tensor-checks'],
  metrics: ['geometry', 'keypoint-order', 'tensor-checks'],
  'hand-regressor': ['mano-layer', 'geometry', 'tensor-checks'],
  'onnx-export': ['hand-regressor', 'mano-layer', 'geometry', 'array-files', 'tensor-checks'],
  training: ['wasm-training', 'array-files', 'tensor-checks'],
  'hand-training': [
    'tensor-checks',
    'keypoint-order',
    'array-files',
    'geometry',
    'skinning',
    'mano-layer',
    'open-hand',
    'wasm-training',
    'webgpu-kernels',
    'hand-datasets',
    'drawing',
    'hand-synthesis',
    'losses',
    'metrics',
    'hand-regressor',
    'onnx-export',
    'training',
  ],
};
const everyPackage = Object.keys(mayImport);

const depConstraints = [
  ...Object.entries(mayImport).map(([name, targets]) => ({
    sourceTag: `package:${name}`,
    onlyDependOnLibsWithTags: targets.map((target) => `package:${target}`),
  })),
  { sourceTag: 'package:test-support', onlyDependOnLibsWithTags: [] }, // for tests only: no code may import it
  { sourceTag: 'package:playground', onlyDependOnLibsWithTags: everyPackage.map((name) => `package:${name}`) },
  { sourceTag: 'package:trainer', onlyDependOnLibsWithTags: everyPackage.map((name) => `package:${name}`) },
];

const noTensorFlow = {
  group: ['@tensorflow/*'],
  message:
    'This package works on plain arrays and must run without TensorFlow.js; move tensor code to a package above it.',
};
const hostOnly = (name) => ({
  regex: `^@opposable/${name}$`,
  message: `Import the tensor-free subpath of @opposable/${name} here (./host or ./conventions), not its index.`,
});
const chainedMath = [
  {
    selector: 'CallExpression[callee.property.name=/^(dataSync|arraySync)$/]',
    message: 'dataSync and arraySync stall or throw on GPU backends; return the tensor and let the caller read it.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness is passed in: take an Rng from @opposable/tensor-checks.',
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/out-tsc',
      '**/*.generated.ts',
      'packages/{wasm-training,drawing}/src/generated',
      'packages/{wasm-training,drawing}/assembly',
      'docs/api',
      'runs',
      '.nx',
      '**/node_modules',
      'tools/package-template',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, allow: [], depConstraints, banTransitiveDependencies: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['packages/*/src/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...chainedMath] } },
  {
    files: ['packages/{array-files,drawing,keypoint-order,tensor-checks,open-hand}/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noTensorFlow] }] },
  },
  {
    files: [
      'packages/{hand-datasets,hand-synthesis,metrics}/src/**/*.ts',
      'packages/{geometry,skinning}/src/host/**/*.ts',
      'packages/mano-layer/src/{conventions,files}/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [noTensorFlow, hostOnly('geometry'), hostOnly('skinning'), hostOnly('mano-layer')] },
      ],
    },
  },
  {
    // Tests may import more than the code does (as devDependencies) and may read tensors.
    files: ['**/*.test.ts', '**/test-support/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['packages/*/package.json', 'apps/*/package.json'],
    languageOptions: { parser: jsoncParser },
    plugins: { '@nx': nx },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/**/*.test.ts', '{projectRoot}/jest.config.mjs'],
          // types in public signatures, and backends that are imported by a name that was chosen
          ignoredDependencies: [
            '@types/ndarray',
            '@tensorflow/tfjs-backend-webgpu',
            '@tensorflow/tfjs-node',
            '@tensorflow/tfjs-node-gpu',
            'webgpu',
          ],
          checkVersionMismatches: false,
        },
      ],
    },
  },
  {
    // built by Vite and tested in a browser, from files that ship nowhere
    files: ['apps/playground/package.json'],
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/**/*.test.ts',
            '{projectRoot}/src/test-support/**',
            '{projectRoot}/*.config.mjs',
          ],
          checkVersionMismatches: false,
        },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        TextEncoder: 'readonly',
        TextDecoder: 'readonly',
        WebAssembly: 'readonly',
      },
    },
  },
  prettier,
);

export { docstringExamples, type DocstringExample } from './docstring-examples.js';
export { type ExampleLine, evaluateLines } from './evaluate-lines.js';
export { readmeExamples } from './readme-examples.js';
export { runChecks } from './run-checks.js';
export { runReadmeExample } from './run-readme-example.js';

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { readmeExamples, runChecks } from '@opposable/test-support';

it('the example of the README gives what it says', async () => {
  const [code] = readmeExamples(new URL('../README.md', import.meta.url), 'ts');
  const found = await runChecks(
    code!.replace("import '@tensorflow/tfjs-backend-cpu';\n", ''),
    (specifier) => import(specifier),
  );
  expect(found).toHaveLength(2);
  for (const { actual, expected } of found) expect(actual).toEqual(expected);
  expect(tf.getBackend()).toBe('cpu');
});

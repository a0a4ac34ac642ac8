import type * as tf from '@tensorflow/tfjs-core';
import { withoutFrozen } from './without-frozen.js';

describe('withoutFrozen', () => {
  const variables = Object.fromEntries(
    ['a.fc1/kernel', 'a.fc1/bias', 'b/kernel'].map((name) => [name, {} as tf.Variable]),
  );

  it('leaves out the weights whose names begin so', () => {
    expect(Object.keys(withoutFrozen(variables, ['a.']))).toEqual(['b/kernel']);
    expect(Object.keys(withoutFrozen(variables, ['a.fc1/k', 'b']))).toEqual(['a.fc1/bias']);
    expect(withoutFrozen(variables)).toEqual(variables);
  });

  it('refuses what no weight is called, and to leave nothing', () => {
    expect(() => withoutFrozen(variables, ['a.', 'places'])).toThrow(
      'frozen: expected beginnings of names of weights (a.fc1, b), got "places".',
    );
    expect(() => withoutFrozen(variables, ['a.', 'b'])).toThrow('which are all');
  });
});

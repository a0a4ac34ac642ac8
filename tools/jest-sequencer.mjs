import Sequencer from '@jest/test-sequencer';

// Without the durations of an earlier run Jest begins with the largest files. Of the slow tests these small files take longest;
// last of all, one of them would run alone for minutes.
const LONG = [
  /hostile-(hdf5|mat)\.slow/,
  /exactness-\w+\.slow/,
  /hostile-files\.slow/,
  /\/masks\.slow/,
  /memory\.slow/,
];

/** Jest's order, long tests in small files first. */
export default class extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => LONG.some((pattern) => pattern.test(path));
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}

import { DatasetError } from '@opposable/tensor-checks';
import { checkInside } from './check-inside.js';

describe('checkInside', () => {
  it.each(['images/train/0.jpg', './a.png', 'a/../b.png', 'a..b/..c', '...', 'C/d.png', 'a\\b.png'])(
    'takes %s',
    (name) => {
      expect(() => checkInside(name, 'here', 'read')).not.toThrow();
    },
  );

  it.each([
    ...['', '.', '..', '../a', 'a/..', 'a/../..', 'a/../../b', 'a/b/../../../c/d', '/a', '\\a', '\\\\server\\a'],
    ...['..\\a', 'a\\..\\..\\b', 'a/..\\../b', 'C:\\a', 'c:a', 'a\0b'],
  ])('refuses %j', (name) => {
    expect(() => checkInside(name, 'train.json: images[2].file_name', 'read')).toThrow(
      new DatasetError(
        `read: expected a path inside the dataset at train.json: images[2].file_name, got ${JSON.stringify(name)}.`,
      ),
    );
  });
});

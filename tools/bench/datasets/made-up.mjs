// What made-up annotation files are built of. Numbers are random: speed does not depend on what they mean, as long as the
// readers accept them.
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createRng } from '@opposable/tensor-checks';

const rng = createRng('native files');
/** Different files; the others are further names of them. */
const DISTINCT = 64;

/** Intrinsics of 640 × 480 pixels. */
export const CAMERA = [615, 0, 320, 0, 615, 240, 0, 0, 1];

export const normals = (count, scale = 0.1) => Array.from({ length: count }, () => rng.normal(0, scale));
/** [21, 3] metres in front of a camera. */
export const points = (sign = 1) =>
  Array.from({ length: 63 }, (_, i) => (i % 3 === 2 ? sign * 0.6 : 0) + rng.normal(0, 0.02));
/** [21, 2] pixels. */
export const project = (xyz) =>
  Array.from({ length: 42 }, (_, i) => 320 + (615 * xyz[3 * (i >> 1) + (i % 2)]) / xyz[3 * (i >> 1) + 2]);
export const rows = (values, width) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
/** [21, 3] pixels and a flag. */
export const flagged = (flag = 1) => rows(project(points()), 2).map(([x, y]) => [x, y, flag]);
export const padded = (number, length) => String(number).padStart(length, '0');

export function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** `count` names for a few files. */
export function linkMany(count, contentsOf, pathOf) {
  for (let i = 0; i < count; i++) {
    if (i < DISTINCT) write(pathOf(i), contentsOf(i));
    else linkSync(pathOf(i % DISTINCT), pathOf(i));
  }
}

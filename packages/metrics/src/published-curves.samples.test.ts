import { existsSync, readFileSync } from 'node:fs';
import { areaUnderCurve } from './area-under-curve.js';
import { parsePublishedCurve } from './published-curve.js';

// The curves published with 3dhand: research-only files outside of the repository, beside its root.
const folder = new URL('../../../../shared/samples/boukhayma-3dhand/pck/', import.meta.url);
const available = existsSync(folder);
if (!available) console.info('The published PCK curves are not here (../shared/samples); their tests are skipped.');
const withSamples = available ? describe : describe.skip;

function readCurve(file: string): { thresholds: readonly number[]; values: readonly number[] } {
  const { thresholds, pck } = parsePublishedCurve(readFileSync(new URL(file, folder), 'utf8'), file);
  return { thresholds, values: pck };
}

withSamples('areaUnderCurve of the published curves', () => {
  // file, AUC 20–50 mm, AUC 0–50 mm, PCK at 20, 30 and 50 mm
  it.each([
    ['stereo/rgb', 0.994, 0.805, 0.963, 0.995, 1.0],
    ['stereo/rgb+2d', 0.987, 0.796, 0.94, 0.988, 0.999],
    ['stereo/2d', 0.983, 0.791, 0.929, 0.982, 0.998],
    ['stereo/2dfit', 0.767, 0.556, 0.514, 0.713, 0.925],
  ])('%s is that of the table for STB', (file, auc20to50, auc0to50, ...pck) => {
    const { thresholds, values } = readCurve(file);
    expect(areaUnderCurve(thresholds, values, { from: 20, to: 50 })).toBeCloseTo(auc20to50, 3);
    expect(areaUnderCurve(thresholds, values, { to: 50 })).toBeCloseTo(auc0to50, 3);
    [20, 30, 50].forEach((threshold, i) => expect(values[threshold]).toBeCloseTo(pck[i]!, 3));
  });

  // file, AUC 0–30 px, PCK at 20 and 30 px
  it.each([
    ['mpii+nzsl/rgb', 0.403, 0.578, 0.758],
    ['mpii+nzsl/rgb+2d', 0.505, 0.702, 0.831],
    ['mpii+nzsl/2d', 0.465, 0.652, 0.803],
    ['mpii+nzsl/2dfit', 0.423, 0.613, 0.779],
    ['mpii+nzsl/zb', 0.171, 0.236, 0.337],
  ])('%s is that of the table for MPII+NZSL', (file, auc0to30, pckAt20, pckAt30) => {
    const { thresholds, values } = readCurve(file);
    expect(areaUnderCurve(thresholds, values, { to: 30 })).toBeCloseTo(auc0to30, 3);
    expect(values[20]).toBeCloseTo(pckAt20, 3);
    expect(values[30]).toBeCloseTo(pckAt30, 3);
  });

  it.each(['chpr', 'gan', 'icppso', 'iqbal', 'pso', 'vae', 'wacv', 'weak', 'zb'])('stereo/%s can be read', (file) => {
    const { thresholds, values } = readCurve(`stereo/${file}`);
    expect(values.length).toBe(thresholds.length);
    expect(thresholds.at(-1)).toBeGreaterThan(45);
    expect(values.at(-1)).toBeGreaterThan(values[0]!);
  });
});

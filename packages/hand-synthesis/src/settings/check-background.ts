import { BACKGROUND_RANGES, type BackgroundSetting, resolveBackground } from './background.js';
import { check, checkCounts, checkKeys, checkRange, checkShare } from './checks.js';
import { isBlock } from './merge-block.js';

/** @throws ConfigError naming the first range that is not accepted, what it is and what is */
export function checkBackground(setting: BackgroundSetting): void {
  const kind = isBlock(setting) ? setting.kind : setting;
  const name = isBlock(setting) ? 'background.kind' : 'background';
  check(Object.keys(BACKGROUND_RANGES).includes(kind), name, 'as varied, plain or scene', kind);
  if (isBlock(setting)) checkKeys('background', setting, { kind, ...BACKGROUND_RANGES[kind] });
  const ranges = resolveBackground(setting);
  if (ranges.kind === 'plain') {
    checkCounts('background.spots', ranges.spots, 100);
    return;
  }
  if (ranges.kind === 'varied') {
    checkShare('background.stripes.probability', ranges.stripes.probability);
    checkCounts('background.blobs', ranges.blobs, 100);
    checkShare('background.noise.probability', ranges.noise.probability);
    checkRange('background.noise.amplitude', ranges.noise.amplitude, 0, 255);
    return;
  }
  checkCounts('background.things', ranges.things, 200);
  for (const share of ['shelfShare', 'skinThingShare', 'skinWallShare'] as const) {
    checkShare(`background.${share}`, ranges[share]);
  }
  checkShare('background.floor.probability', ranges.floor.probability);
  for (const bytes of ['brightness', 'grain', 'coarseGrain'] as const) {
    checkRange(`background.${bytes}`, ranges[bytes], 0, 255);
  }
  checkShare('background.blur.probability', ranges.blur.probability);
  checkRange('background.blur.overSide', ranges.blur.overSide, 0, 0.2);
}

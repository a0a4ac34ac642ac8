import { check, checkCounts, checkKeys, checkNumber, checkRange, checkShare } from './checks.js';
import {
  type AmbientRanges,
  type LampRanges,
  lightingKind,
  LIGHTING_RANGES,
  type LightingSetting,
  resolveLighting,
} from './lighting.js';
import { isBlock } from './merge-block.js';

const BRIGHTEST = 10;

function checkAmbient({ strength, tint }: AmbientRanges): void {
  checkRange('lighting.ambient.strength', strength, 0, BRIGHTEST);
  checkShare('lighting.ambient.tint', tint);
}

function checkLamp(name: string, { strength, tint, leastCosine }: LampRanges): void {
  checkRange(`${name}.strength`, strength, 0, BRIGHTEST);
  checkShare(`${name}.tint`, tint);
  checkNumber(`${name}.leastCosine`, leastCosine, -1, 1);
}

/** @throws ConfigError naming the first range that is not accepted, what it is and what is */
export function checkLighting(setting: LightingSetting): void {
  const kinds = Object.keys(LIGHTING_RANGES);
  if (isBlock(setting)) {
    check(kinds.includes(setting.kind), 'lighting.kind', 'as front, random or room', setting.kind);
    checkKeys('lighting', setting, { kind: setting.kind, ...LIGHTING_RANGES[setting.kind] });
  } else {
    check(['head', ...kinds].includes(setting), 'lighting', 'as head, front, random or room', setting);
  }
  if (lightingKind(setting) === 'head') return;
  const ranges = resolveLighting(setting);
  if (ranges.kind === 'head') return;
  checkAmbient(ranges.ambient);
  checkLamp('lighting.lamp', ranges.lamp);
  if (ranges.kind === 'front') return;
  checkLamp('lighting.others', ranges.others);
  checkCounts('lighting.others.count', ranges.others.count, 8);
  if (ranges.kind === 'random') return;
  const { ambient, lamp } = ranges;
  checkRange('lighting.ambient.slope', ambient.slope, 0, 1);
  checkShare('lighting.ambient.slopeTint', ambient.slopeTint);
  checkShare('lighting.lamp.dim.probability', lamp.dim.probability);
  checkRange('lighting.lamp.dim.strength', lamp.dim.strength, 0, BRIGHTEST);
  checkShare('lighting.lamp.shadow.probability', lamp.shadow.probability);
  checkRange('lighting.lamp.shadow.strength', lamp.shadow.strength, 0, 1);
}

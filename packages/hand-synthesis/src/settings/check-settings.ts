import { HAND_SHAPES } from '../pose/hand-shapes.js';
import { checkBackground } from './check-background.js';
import { checkLighting } from './check-lighting.js';
import { checkParts } from './check-parts.js';
import { check, checkFrom, checkKeys, checkNumber, checkRange, checkShare } from './checks.js';
import { isBlock } from './merge-block.js';
import type {
  BetasDistribution,
  EffectSettings,
  NaturalPose,
  RotationDistribution,
  SynthesisSettings,
} from './types.js';

const keys = (...names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, 0]));
const BETAS_KEYS = { uniform: keys('distribution', 'range'), normal: keys('distribution', 'deviation', 'clip') };
const DEGREES_KEYS = ['rollDegrees', 'yawDegrees', 'pitchDegrees'] as const;
const SHARES_KEYS = ['backShare', 'egocentricShare', 'uniformShare'] as const;
const ROTATION_KEYS = {
  full: keys('mode'),
  uniform: keys('mode'),
  box: keys('mode', 'maxDegrees'),
  realistic: keys('mode', ...DEGREES_KEYS, ...SHARES_KEYS, 'egocentricTiltDegrees'),
};
const POSE_KEYS = keys('mixture', 'jitterDegrees', 'blend', 'maxPenetrationMillimetres');
const CAMERA_KEYS = keys('perspectiveShare', 'focalOverSide', 'offAxisDegrees');

function checkBetas(betas: BetasDistribution): void {
  check(isBlock(betas), 'betas', 'as a block with a distribution', betas);
  check(
    Object.hasOwn(BETAS_KEYS, betas.distribution),
    'betas.distribution',
    'as uniform or normal',
    betas.distribution,
  );
  checkKeys('betas', betas, BETAS_KEYS[betas.distribution]);
  if (betas.distribution === 'uniform') {
    checkFrom('betas.range', betas.range, 0);
    return;
  }
  checkFrom('betas.deviation', betas.deviation, 0);
  check(
    typeof betas.clip === 'number' && betas.clip > betas.deviation / 10,
    'betas.clip',
    'above a tenth of the deviation',
    betas.clip,
  );
}

function checkRotation(rotation: RotationDistribution): void {
  check(isBlock(rotation), 'rotation', 'as a block with a mode', rotation);
  check(
    Object.hasOwn(ROTATION_KEYS, rotation.mode),
    'rotation.mode',
    'as full, box, uniform or realistic',
    rotation.mode,
  );
  checkKeys('rotation', rotation, ROTATION_KEYS[rotation.mode]);
  if (rotation.mode === 'box') checkNumber('rotation.maxDegrees', rotation.maxDegrees, 0, 180);
  if (rotation.mode !== 'realistic') return;
  for (const name of DEGREES_KEYS) checkNumber(`rotation.${name}`, rotation[name], 0, 360);
  for (const name of SHARES_KEYS) checkShare(`rotation.${name}`, rotation[name]);
  const tilt = rotation.egocentricTiltDegrees;
  if (tilt !== undefined) checkRange('rotation.egocentricTiltDegrees', tilt, -180, 180);
}

function checkPose(pose: 'coefficients' | NaturalPose): void {
  if (pose === 'coefficients') return;
  check(isBlock(pose), 'pose', "as 'coefficients' or a mixture of shapes", pose);
  checkKeys('pose', pose, POSE_KEYS);
  const names = [...Object.keys(HAND_SHAPES), 'coefficients'];
  let sum = 0;
  for (const [name, weight] of Object.entries(pose.mixture ?? {})) {
    check(names.includes(name), 'pose.mixture', `with shapes among ${names.join(', ')}`, name);
    checkNumber(`pose.mixture.${name}`, weight, 0, 1e6);
    if (name !== 'coefficients') sum += weight;
  }
  check(sum > 0, 'pose.mixture', 'with a weight above 0', 'none');
  checkNumber('pose.jitterDegrees', pose.jitterDegrees, 0, 30);
  checkShare('pose.blend', pose.blend);
  checkNumber('pose.maxPenetrationMillimetres', pose.maxPenetrationMillimetres, 0, Infinity);
}

function checkEffects(effects: EffectSettings): void {
  for (const [name, effect] of Object.entries(effects) as [string, { probability: unknown }][]) {
    checkShare(`effects.${name}.probability`, effect.probability);
  }
  checkRange('effects.motionBlur.pixels', effects.motionBlur.pixels, 0, 64);
  checkRange('effects.defocus.pixels', effects.defocus.pixels, 0, 16);
  checkNumber('effects.whiteBalance.strength', effects.whiteBalance.strength, 0, 0.9);
  checkRange('effects.exposure.gain', effects.exposure.gain, 0.05, 10);
  checkRange('effects.exposure.gamma', effects.exposure.gamma, 0.1, 10);
  checkRange('effects.exposure.contrast', effects.exposure.contrast, 0.05, 10);
  checkRange('effects.saturation.factor', effects.saturation.factor, 0, 5);
  checkRange('effects.jpeg.quality', effects.jpeg.quality, 1, 100);
}

/** @throws ConfigError naming the first setting that is not accepted, what it is and what is */
export function checkSettings(settings: SynthesisSettings): void {
  const { size, poseRange, antialias, camera } = settings;
  check(Number.isInteger(size) && size >= 32 && size <= 1024, 'size', 'as an integer in 32 … 1024', size);
  checkBetas(settings.betas);
  checkFrom('poseRange', poseRange, 0);
  checkPose(settings.pose);
  checkRotation(settings.rotation);
  checkRange('sideOverHand', settings.sideOverHand, 1.1);
  if (camera !== 'weak-perspective') {
    check(isBlock(camera), 'camera', "as 'weak-perspective' or a distribution", camera);
    checkKeys('camera', camera, CAMERA_KEYS);
    checkShare('camera.perspectiveShare', camera.perspectiveShare);
    checkRange('camera.focalOverSide', camera.focalOverSide, 0.8, 1000);
    checkNumber('camera.offAxisDegrees', camera.offAxisDegrees, 0, 45);
  }
  checkLighting(settings.lighting);
  checkBackground(settings.background);
  checkShare('photoShare', settings.photoShare);
  checkRange('photoCrop', settings.photoCrop, 0.05, 1);
  check(['drawn', 'shipped'].includes(settings.coloring), 'coloring', 'as drawn or shipped', settings.coloring);
  checkParts(settings);
  checkEffects(settings.effects);
  checkRange('noise', settings.noise, 0);
  check([1, 2, 3, 4].includes(antialias), 'antialias', 'as an integer in 1 … 4', antialias);
}

import { ConfigError } from '@opposable/tensor-checks';
import { HAND_SHAPES } from '../pose/hand-shapes.js';
import type {
  BetasDistribution,
  EffectSettings,
  NaturalPose,
  RotationDistribution,
  SynthesisSettings,
} from './types.js';

const OPERATION = 'synthesizeHand';

function check(fits: boolean, name: string, expected: string, actual: unknown): void {
  if (fits) return;
  const shown = Array.isArray(actual) ? `[${actual.join(', ')}]` : String(actual);
  throw new ConfigError(`${OPERATION}: expected ${name} ${expected}, got ${shown}.`, { expected, actual });
}

function checkRange(name: string, value: unknown, minimum: number, maximum = Infinity): void {
  const [low, high] = Array.isArray(value) ? (value as number[]) : [];
  const fits = Array.isArray(value) && value.length === 2 && low! >= minimum && high! >= low! && high! <= maximum;
  const end = maximum === Infinity ? `from ${minimum}` : `in ${minimum} … ${maximum}`;
  check(fits && high! < Infinity, name, `as [minimum, maximum] ${end}`, value);
}

function checkShare(name: string, value: unknown): void {
  check(typeof value === 'number' && value >= 0 && value <= 1, name, 'in 0 … 1', value);
}

function checkNumber(name: string, value: unknown, minimum: number, maximum: number): void {
  const fits = typeof value === 'number' && value >= minimum && value <= maximum;
  check(fits, name, `in ${minimum} … ${maximum}`, value);
}

function checkBetas(betas: BetasDistribution): void {
  if (betas.distribution === 'uniform') {
    check(betas.range >= 0 && betas.range < Infinity, 'betas.range', 'as a number from 0', betas.range);
    return;
  }
  check(betas.distribution === 'normal', 'betas.distribution', 'as uniform or normal', betas.distribution);
  check(betas.deviation >= 0 && betas.deviation < Infinity, 'betas.deviation', 'as a number from 0', betas.deviation);
  check(betas.clip > betas.deviation / 10, 'betas.clip', 'above a tenth of the deviation', betas.clip);
}

function checkRotation(rotation: RotationDistribution): void {
  const modes = ['full', 'box', 'uniform', 'realistic'];
  check(modes.includes(rotation.mode), 'rotation.mode', 'as full, box, uniform or realistic', rotation.mode);
  if (rotation.mode === 'box') checkNumber('rotation.maxDegrees', rotation.maxDegrees, 0, 180);
  if (rotation.mode !== 'realistic') return;
  for (const name of ['rollDegrees', 'yawDegrees', 'pitchDegrees'] as const) {
    checkNumber(`rotation.${name}`, rotation[name], 0, 360);
  }
  for (const name of ['backShare', 'egocentricShare', 'uniformShare'] as const) {
    checkShare(`rotation.${name}`, rotation[name]);
  }
}

function checkPose(pose: 'coefficients' | NaturalPose): void {
  if (pose === 'coefficients') return;
  check(typeof pose === 'object', 'pose', "as 'coefficients' or a mixture of shapes", pose);
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
  const { size, poseRange, lighting, background, antialias, camera, skin, forearm, ring, watch } = settings;
  check(Number.isInteger(size) && size >= 32 && size <= 1024, 'size', 'as an integer in 32 … 1024', size);
  checkBetas(settings.betas);
  check(poseRange >= 0 && poseRange < Infinity, 'poseRange', 'as a number from 0', poseRange);
  checkPose(settings.pose);
  checkRotation(settings.rotation);
  checkRange('sideOverHand', settings.sideOverHand, 1.1);
  if (camera !== 'weak-perspective') {
    check(typeof camera === 'object', 'camera', "as 'weak-perspective' or a distribution", camera);
    checkShare('camera.perspectiveShare', camera.perspectiveShare);
    checkRange('camera.focalOverSide', camera.focalOverSide, 0.8, 1000);
    checkNumber('camera.offAxisDegrees', camera.offAxisDegrees, 0, 45);
  }
  check(['head', 'front', 'random', 'room'].includes(lighting), 'lighting', 'as head, front, random or room', lighting);
  check(['varied', 'plain', 'scene'].includes(background), 'background', 'as varied, plain or scene', background);
  checkShare('photoShare', settings.photoShare);
  check(['drawn', 'shipped'].includes(settings.coloring), 'coloring', 'as drawn or shipped', settings.coloring);
  checkRange('skin.typologyAngle', skin.typologyAngle, -90, 90);
  for (const name of ['nails', 'creases', 'veins'] as const) checkShare(`skin.${name}`, skin[name]);
  checkShare('skin.hair.probability', skin.hair.probability);
  checkShare('forearm.probability', forearm.probability);
  checkShare('forearm.sleeveProbability', forearm.sleeveProbability);
  checkRange('forearm.lengthMillimetres', forearm.lengthMillimetres, 10, 400);
  checkRange('forearm.sleeveMillimetres', forearm.sleeveMillimetres, 0, 400);
  checkNumber('forearm.bendDegrees', forearm.bendDegrees, 0, 60);
  checkShare('ring.probability', ring.probability);
  checkShare('watch.probability', watch.probability);
  checkShare('occluder.probability', settings.occluder.probability);
  checkRange('occluder.size', settings.occluder.size, 0.01, 2);
  checkShare('secondHand.probability', settings.secondHand.probability);
  checkEffects(settings.effects);
  checkRange('noise', settings.noise, 0);
  check([1, 2, 3, 4].includes(antialias), 'antialias', 'as an integer in 1 … 4', antialias);
}

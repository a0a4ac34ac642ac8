import { checkCounts, checkNumber, checkRange, checkShare } from './checks.js';
import type { ForearmSettings, SkinSettings, SynthesisSettings } from './types.js';

function checkSkin(skin: SkinSettings): void {
  checkRange('skin.typologyAngle', skin.typologyAngle, -90, 90);
  checkRange('skin.redness', skin.redness, 0, 40);
  checkRange('skin.yellowness', skin.yellowness, 0, 40);
  for (const name of ['patches', 'nails', 'creases', 'veins'] as const) checkShare(`skin.${name}`, skin[name]);
  checkShare('skin.nailPaint.probability', skin.nailPaint.probability);
  for (const name of ['mottling', 'wetness', 'specular'] as const) checkRange(`skin.${name}`, skin[name], 0, 1);
  checkRange('skin.scatter', skin.scatter, 0, 4);
  checkShare('skin.hair.probability', skin.hair.probability);
  checkCounts('skin.hair.count', skin.hair.count, 5000);
  checkRange('skin.hair.lengthMillimetres', skin.hair.lengthMillimetres, 0, 50);
  checkRange('skin.hair.opacity', skin.hair.opacity, 0, 1);
}

function checkForearm(forearm: ForearmSettings): void {
  checkShare('forearm.probability', forearm.probability);
  checkShare('forearm.sleeveProbability', forearm.sleeveProbability);
  checkRange('forearm.lengthMillimetres', forearm.lengthMillimetres, 10, 400);
  checkRange('forearm.sleeveMillimetres', forearm.sleeveMillimetres, 0, 400);
  checkRange('forearm.sleeveFitMillimetres', forearm.sleeveFitMillimetres, 1, 50);
  checkRange('forearm.sleeveFoldMillimetres', forearm.sleeveFoldMillimetres, 0, 20);
  checkShare('forearm.sleeveStripesShare', forearm.sleeveStripesShare);
  checkNumber('forearm.bendDegrees', forearm.bendDegrees, 0, 60);
}

type Parts = Pick<SynthesisSettings, 'skin' | 'forearm' | 'ring' | 'watch' | 'occluder' | 'secondHand'>;

/** @throws ConfigError naming the first setting of a part of the scene that is not accepted, what it is and what is */
export function checkParts({ skin, forearm, ring, watch, occluder, secondHand }: Parts): void {
  checkSkin(skin);
  checkForearm(forearm);
  checkShare('ring.probability', ring.probability);
  checkRange('ring.widthMillimetres', ring.widthMillimetres, 0.5, 20);
  checkRange('ring.heightMillimetres', ring.heightMillimetres, 0.1, 10);
  checkShare('watch.probability', watch.probability);
  checkRange('watch.fromWristMillimetres', watch.fromWristMillimetres, 5, 100);
  checkRange('watch.strapMillimetres', watch.strapMillimetres, 1, 60);
  checkRange('watch.caseRadiusMillimetres', watch.caseRadiusMillimetres, 1, 40);
  checkShare('watch.braceletShare', watch.braceletShare);
  checkShare('occluder.probability', occluder.probability);
  checkRange('occluder.size', occluder.size, 0.01, 2);
  for (const name of ['longShare', 'behindShare', 'glossyShare'] as const) {
    checkShare(`occluder.${name}`, occluder[name]);
  }
  checkShare('secondHand.probability', secondHand.probability);
  checkShare('secondHand.otherSideShare', secondHand.otherSideShare);
  checkShare('secondHand.behindShare', secondHand.behindShare);
  checkRange('secondHand.distance', secondHand.distance, 0, 5);
}

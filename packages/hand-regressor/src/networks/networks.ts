import { liftingNetwork } from './lifting.js';
import { mobilenetEncoder } from './mobilenet/mobilenet-encoder.js';
import { regressionNetwork } from './regression-network.js';
import { resnetEncoder, RESNETS } from './resnet/resnet-encoder.js';
import { smallNetwork } from './small-network.js';
import type { Network } from './types.js';

/** What sets one encoder apart from the others. */
export interface EncoderEntry {
  readonly network: Network;
  /** Whether it can pool as 3dhand does. */
  readonly pools3dhand: boolean;
  /** Whether it lifts the places of the heat maps' keypoints: never, where `keypointFeatures` asks for it, or nothing else. */
  readonly lifts: 'never' | 'optional' | 'only';
}

const resnet = (name: keyof typeof RESNETS): EncoderEntry => ({
  network: regressionNetwork((image, rng, pooling) => resnetEncoder(image, rng, RESNETS[name], pooling)),
  pools3dhand: true,
  lifts: 'optional',
});
const mobilenet = (width: number): EncoderEntry => ({
  network: regressionNetwork((image, rng) => mobilenetEncoder(image, rng, width)),
  pools3dhand: false,
  lifts: 'optional',
});

/** The networks by the name of their encoder. */
export const ENCODERS = {
  small: { network: smallNetwork, pools3dhand: false, lifts: 'never' },
  resnet18: resnet('resnet18'),
  resnet34: resnet('resnet34'),
  resnet50: resnet('resnet50'),
  mobilenet: mobilenet(1),
  'mobilenet-half': mobilenet(0.5),
  keypoints: { network: liftingNetwork, pools3dhand: false, lifts: 'only' },
} as const satisfies Record<string, EncoderEntry>;
export type EncoderName = keyof typeof ENCODERS;

// Which small network learns most in a given time on two cores? Mean 2D error in px of the 256 frame / PA-MPJPE in mm on
// 500 held-back synthetic hands of the demo's kind (mean hand: 63.3 / 20.0) after 22,400 samples, and ms per step of 32 on a
// busy core:
//
//   coarse guess at 32 px, then a 64-px window               24.5 / 18.1   167 ms
//   the same, steps of 16 at half the rate                   25.0 / 18.2
//   the same, every picture standardised                     24.8 / 17.7   144 ms
//   … and two residual blocks at 4 × 4                       24.4 / 17.7   236 ms
//   … and a 48-px window                                     24.8 / 17.8   109 ms
//   … and a tighter window, 32/64/96/128 channels            25.0 / 17.9   120 ms
//   … and the window turned upright (this one)             25.0 / 18.0    70 ms (quieter core; the others were busy)
//   batch normalisation instead of standardised pictures     26.0 / 18.2   130 ms (20,200 samples)
//
// On harder backgrounds: one network over the whole image at 64 px 42.8 / 20.4 after 14,100 samples, looking twice
// 38.4 / 20.2 after 9,200 and 34.3 / 19.5 after 16,600.
// The hand fills less than half of the image's side, so most of a single network's work goes into background, and fingers
// are three pixels wide.
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { COARSE_COUNT, type CoarsePlacement } from '../layers/coarse-placement.js';
import { HandWindow } from '../layers/hand-window.js';
import { OutputAffine } from '../layers/output-affine.js';
import { RefinePlacement } from '../layers/refine-placement.js';
import { linearHead } from './linear-head.js';
import { strideConvolutions } from './stride-convolutions.js';
import type { NetworkParts } from './types.js';

const COARSE_SIZE = 32;
const WINDOW_SIZE = 48;

/**
 * A small network for CPUs that looks twice: from the image at 32 px coarse scale, translation and angle, then from a
 * 48-px window around that guess, turned upright, the rest, and a correction of the guess.
 */
export function smallNetwork({ image, rng, outputScale }: NetworkParts): SymbolicTensor {
  const placement: CoarsePlacement = {
    offset: [...HAND_PARAMETER_MEAN.slice(0, 3), 0],
    scale: [...outputScale.slice(0, 3), outputScale[5]!],
    windowMetres: 0.26,
    windowRange: [48, 320],
  };
  const factor = image.shape[1]! / COARSE_SIZE;
  const shrunk = layers
    .averagePooling2d({ name: 'coarse.shrink', poolSize: factor, strides: factor, padding: 'valid' })
    .apply(image) as SymbolicTensor;
  const glance = strideConvolutions(shrunk, { prefix: 'coarse', channels: [24, 48, 96], features: 128, rng });
  const coarse = linearHead(glance, rng, 'coarse.fc', COARSE_COUNT);

  const window = new HandWindow({ name: 'window', windowSize: WINDOW_SIZE, ...placement }).apply([
    image,
    coarse,
  ]) as SymbolicTensor;
  const look = strideConvolutions(window, { prefix: 'fine', channels: [24, 48, 96, 160], features: 384, rng });
  const raw = linearHead(look, rng, 'fc', HAND_PARAMETER_COUNT);
  const scaled = new OutputAffine({
    name: 'scale',
    offset: HAND_PARAMETER_MEAN.map(() => 0),
    scale: outputScale.map((value, i) => (i < 3 ? 1 : value)),
  }).apply(raw) as SymbolicTensor;
  return new RefinePlacement({ name: 'refine', ...placement }).apply([coarse, scaled]) as SymbolicTensor;
}

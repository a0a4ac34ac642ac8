import { type EncoderName, ENCODERS } from '@opposable/hand-regressor';

/** The encoders that a configuration may name. */
export const ENCODER_NAMES = Object.keys(ENCODERS) as [EncoderName, ...EncoderName[]];

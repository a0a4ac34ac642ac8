export {
  MANO_OUTPUTS,
  ManoModelLayer,
  type ManoModelLayerConfig,
  type ManoOutput,
  registerManoModelLayer,
} from './mano-model-layer.js';
export { modelFingerprint } from './model-fingerprint.js';

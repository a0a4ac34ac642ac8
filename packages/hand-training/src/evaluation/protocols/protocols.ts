import { mpiiNzslProtocol } from './mpii-nzsl.js';
import type { ProtocolName } from './protocol-names.js';
import { freihandProtocol, ho3dProtocol } from './space.js';
import { stbProtocol } from './stb.js';
import type { Protocol } from './types.js';

/** Published ways of measuring, beside what is measured of any dataset. */
export const PROTOCOLS = {
  freihand: freihandProtocol,
  stb: stbProtocol,
  'mpii-nzsl': mpiiNzslProtocol,
  ho3d: ho3dProtocol,
} as const satisfies Record<ProtocolName, Protocol>;

import type { Range } from '../settings/types.js';

/** How far the fingers of a hand seen by its owner are tilted, degrees: away from the viewer, up. */
export const EGOCENTRIC_TILT: Range = [-75, -15];

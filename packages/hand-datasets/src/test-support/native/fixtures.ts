import { DEXYCB_FIXTURE } from './dexycb-fixture.js';
import { GE_REALWORLD_FIXTURE } from './ge-realworld-fixture.js';
import { HO3D_FIXTURES } from './ho3d-fixture.js';
import { INTERHAND_FIXTURE } from './interhand-fixture.js';
import { JOINTS_JSON_FIXTURE } from './joints-json-fixture.js';
import { JSON_FIXTURES } from './json-fixtures.js';
import type { NativeFixture } from './native-fixture.js';
import { RHD_FIXTURES } from './rhd-fixture.js';
import { STB_FIXTURES } from './stb-fixture.js';

/** Every made-up dataset in its own format. */
export const NATIVE_FIXTURES: readonly NativeFixture[] = [
  ...JSON_FIXTURES,
  INTERHAND_FIXTURE,
  ...STB_FIXTURES,
  ...RHD_FIXTURES,
  ...HO3D_FIXTURES,
  DEXYCB_FIXTURE,
  JOINTS_JSON_FIXTURE,
  GE_REALWORLD_FIXTURE,
];

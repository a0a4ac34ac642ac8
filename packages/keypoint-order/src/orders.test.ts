import { KEYPOINT_ORDERS, type KeypointOrderName } from './orders.js';
import { FINGER_LEVELS, FINGER_NAMES, fingerJoint } from './joint-name.js';

/** Sequences as the datasets' own documents write them. */
const DOCUMENTED: Record<KeypointOrderName, string> = {
  panoptic: 'W T1 T2 T3 T4 I1 I2 I3 I4 M1 M2 M3 M4 R1 R2 R3 R4 L1 L2 L3 L4',
  mano: 'W I1 I2 I3 I4 M1 M2 M3 M4 L1 L2 L3 L4 R1 R2 R3 R4 T1 T2 T3 T4',
  'mano-raw': 'W I1 I2 I3 M1 M2 M3 L1 L2 L3 R1 R2 R3 T1 T2 T3 T4 I4 M4 R4 L4',
  stereo: 'P L1 L2 L3 L4 R1 R2 R3 R4 M1 M2 M3 M4 I1 I2 I3 I4 T1 T2 T3 T4',
  rhd: 'W T4 T3 T2 T1 I4 I3 I2 I1 M4 M3 M2 M1 R4 R3 R2 R1 L4 L3 L2 L1',
  interhand: 'T4 T3 T2 T1 I4 I3 I2 I1 M4 M3 M2 M1 R4 R3 R2 R1 L4 L3 L2 L1 W',
  fpha: 'W T1 I1 M1 R1 L1 T2 T3 T4 I2 I3 I4 M2 M3 M4 R2 R3 R4 L2 L3 L4',
};
const LETTERS: Record<string, string> = { T: 'thumb', I: 'index', M: 'middle', R: 'ring', L: 'pinky' };
const spell = (code: string): string =>
  code === 'W' ? 'wrist' : code === 'P' ? 'palm' : `${LETTERS[code[0]!]}${code[1]}`;

describe('KEYPOINT_ORDERS', () => {
  it.each(Object.entries(DOCUMENTED))('%s is the documented sequence', (name, codes) => {
    expect(KEYPOINT_ORDERS[name as KeypointOrderName].joints).toEqual(codes.split(' ').map(spell));
  });

  it('has every finger joint once and one root in each order', () => {
    const fingerJoints = FINGER_NAMES.flatMap((finger) => FINGER_LEVELS.map((level) => fingerJoint(finger, level)));
    for (const order of Object.values(KEYPOINT_ORDERS)) {
      const root = order.name === 'stereo' ? 'palm' : 'wrist';
      expect([...order.joints].sort()).toEqual([...fingerJoints, root].sort());
    }
  });

  it('cannot be changed', () => {
    expect(() => (KEYPOINT_ORDERS.mano.joints as string[]).push('x')).toThrow(TypeError);
    expect(Object.keys(KEYPOINT_ORDERS).sort()).toEqual(Object.keys(DOCUMENTED).sort());
  });
});

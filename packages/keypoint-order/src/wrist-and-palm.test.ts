import { KeypointOrderError } from './errors.js';
import { names } from './names.js';
import { reorder } from './reorder.js';
import { palmFromWristRhd, wristFromPalmStb } from './wrist-and-palm.js';

/** Distinct, not collinear, in millimetres. */
const hand3d = Array.from({ length: 21 }, (_, i) => [3 * i - 20, (i * i) % 17, 500 + ((7 * i) % 11)]);
const hand2d = hand3d.map(([x, y]) => [x!, y!]);

describe('wristFromPalmStb', () => {
  it('extrapolates through the palm centre from the ring knuckle, index 5 of STB, in 3D and 2D', () => {
    for (const hand of [hand3d, hand2d]) {
      const { points } = wristFromPalmStb(hand);
      expect(points[0]).toEqual(hand[0]!.map((p, d) => hand[5]![d]! + 2 * (p - hand[5]![d]!)));
      expect(points.slice(1)).toEqual(hand.slice(1));
    }
    expect(names('stb')[5]).toBe('ring1');
  });

  it('takes any knuckle, any order, and flat arrays, whose type it keeps', () => {
    const flat = Float32Array.from(hand3d.flat());
    const { points } = wristFromPalmStb(flat, { finger: 'middle' });
    expect(points).toBeInstanceOf(Float32Array);
    expect([...points.slice(0, 3)]).toEqual(hand3d[0]!.map((p, d) => 2 * p - hand3d[9]![d]!));
    const reorderedFirst = wristFromPalmStb(reorder(hand3d, 'stb', 'interhand'), { order: 'interhand' }).points;
    expect(reorderedFirst).toEqual(reorder(wristFromPalmStb(hand3d).points, 'stb', 'interhand'));
  });

  it('is visible if the palm centre or the knuckle is, or if both are when asked', () => {
    const visibility = new Array<number>(21).fill(2);
    visibility[0] = 0;
    expect(wristFromPalmStb(hand2d, { visibility }).visibility![0]).toBe(2);
    expect(wristFromPalmStb(hand2d, { visibility, visibleIf: 'both' }).visibility![0]).toBe(0);
    visibility[5] = 0;
    expect(wristFromPalmStb(hand2d, { visibility }).visibility![0]).toBe(0);
    expect(visibility[0]).toBe(0);
    expect(wristFromPalmStb(hand2d).visibility).toBeUndefined();
  });

  it('says how many points it needs', () => {
    expect(() => wristFromPalmStb(hand3d.slice(0, 16))).toThrow(
      'wristFromPalmStb: expected 21 points of the same number of coordinates, got rows of 3 numbers (16 rows).',
    );
    expect(() => wristFromPalmStb(new Float64Array(64))).toThrow(KeypointOrderError);
    expect(() => wristFromPalmStb(hand3d.map((row, i) => (i === 3 ? [1, 2] : row)))).toThrow(
      'got rows of 3, 2 numbers (21 rows)',
    );
    expect(() => wristFromPalmStb(hand3d, { visibility: [1, 1] })).toThrow(
      'wristFromPalmStb: visibility: expected 21 points of 1 coordinates, got 2 numbers.',
    );
  });
});

describe('palmFromWristRhd', () => {
  it('is the midpoint of wrist and middle knuckle, index 12 of RHD', () => {
    const { points } = palmFromWristRhd(hand3d);
    expect(points[0]).toEqual(hand3d[0]!.map((w, d) => (w + hand3d[12]![d]!) / 2));
    expect(names('rhd')[12]).toBe('middle1');
    expect(points.slice(1)).toEqual(hand3d.slice(1));
  });

  it('undoes wristFromPalmStb with the same finger, and does not with the defaults', () => {
    for (const finger of ['thumb', 'index', 'middle', 'ring', 'pinky'] as const) {
      const { points } = wristFromPalmStb(hand3d, { finger });
      expect(palmFromWristRhd(points, { order: 'stb', finger }).points).toEqual(hand3d);
    }
    expect(palmFromWristRhd(wristFromPalmStb(hand3d).points, { order: 'stb' }).points).not.toEqual(hand3d);
  });

  it('carries the visibility of wrist or knuckle', () => {
    const visibility = new Uint8Array(21);
    visibility[12] = 1;
    expect(palmFromWristRhd(hand2d, { visibility }).visibility![0]).toBe(1);
    expect(palmFromWristRhd(hand2d, { visibility, visibleIf: 'both' }).visibility![0]).toBe(0);
  });
});

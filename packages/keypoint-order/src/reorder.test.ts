import { names } from './names.js';
import { KEYPOINT_ORDERS } from './orders.js';
import { reorder } from './reorder.js';

const ORDERS = Object.keys(KEYPOINT_ORDERS);

describe('reorder', () => {
  it('brings the names of every order to those of every other', () => {
    for (const from of ORDERS) {
      for (const to of ORDERS) {
        const moved = reorder(names(from), from, to).map((name) => (name === 'palm' ? 'wrist' : name));
        expect(moved).toEqual(names(to).map((name) => (name === 'palm' ? 'wrist' : name)));
      }
    }
  });

  it('keeps the type of a flat array and moves whole points', () => {
    const points = Float32Array.from({ length: 63 }, (_, i) => i);
    const moved = reorder(points, 'interhand', 'panoptic');
    expect(moved).toBeInstanceOf(Float32Array);
    expect([...moved.slice(0, 6)]).toEqual([60, 61, 62, 9, 10, 11]);
    expect(points[0]).toBe(0);
    expect(reorder(new Uint8Array(21).fill(1), 'mano', 'rhd')).toEqual(new Uint8Array(21).fill(1));
  });

  it('reorders each hand of a batch by itself', () => {
    const batch = Float64Array.from({ length: 2 * 21 * 2 }, (_, i) => i);
    const moved = reorder(batch, 'interhand', 'panoptic', { dimension: 2 });
    expect([...moved.slice(0, 2)]).toEqual([40, 41]);
    expect([...moved.slice(42, 44)]).toEqual([82, 83]);
    expect([...reorder(moved, 'panoptic', 'interhand', { dimension: 2 })]).toEqual([...batch]);
    expect(reorder([...batch], 'interhand', 'panoptic', { dimension: 2 })).toEqual([...moved]);
  });

  it('agrees between rows and flat numbers', () => {
    const rows = Array.from({ length: 21 }, (_, i) => [i, 2 * i, 3 * i]);
    const flat = Float64Array.from(rows.flat());
    expect([...reorder(flat, 'stb', 'mano-raw')]).toEqual(reorder(rows, 'stb', 'mano-raw').flat());
  });

  it('says what is wrong with the number of points', () => {
    expect(() => reorder(new Float32Array(48), 'mano', 'rhd')).toThrow(
      'reorder: expected 21 × dimension numbers, got 48.',
    );
    expect(() => reorder(new Float32Array(63), 'mano', 'rhd', { dimension: 2 })).toThrow(
      'reorder: expected hands × 21 × 2 numbers, got 63.',
    );
    expect(() => reorder(new Float32Array(0), 'mano', 'rhd')).toThrow('got 0.');
    expect(() => reorder([1, 2, 3], 'mano', 'rhd')).toThrow(
      'reorder: expected 21 entries, got 3; give { dimension } if the list is flat.',
    );
  });
});

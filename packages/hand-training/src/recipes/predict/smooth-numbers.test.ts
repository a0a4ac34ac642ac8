import { axisAngleToMatrix } from '@opposable/geometry/host';
import { createRng } from '@opposable/tensor-checks';
import { cameraOfNumbers, type CropNumbers, numbersOfCamera } from './place-hand.js';
import { numberSmoother } from './smooth-numbers.js';

const base = Float32Array.from([600, 120, 130, 0.4, -0.3, 0.2, ...Array.from({ length: 16 }, (_, i) => 0.1 * i - 0.7)]);

function numbers(changes: Partial<CropNumbers> = {}): CropNumbers {
  return { side: 'right', crop: { x: 40, y: 30, width: 200, height: 200 }, handParameters: base, ...changes };
}

/** The same hand in the image, as another crop has it. */
function throughCrop(from: CropNumbers, crop: CropNumbers['crop']): CropNumbers {
  const first = numbersOfCamera(cameraOfNumbers(from), { crop, side: from.side });
  return { ...from, crop, handParameters: Float32Array.from([...first, ...from.handParameters.subarray(3)]) };
}

describe('numberSmoother', () => {
  it('leaves a hand that rests where it is, whatever the crop and the side', () => {
    for (const side of ['right', 'left'] as const) {
      const smoother = numberSmoother();
      smoother.smooth(numbers({ side }), 0);
      for (let i = 1; i < 20; i++) {
        const seen = throughCrop(numbers({ side }), { x: 40 - i, y: 10 + i, width: 210 + i, height: 210 + i });
        const { handParameters } = smoother.smooth(seen, i / 30);
        handParameters.forEach((value, k) => expect(value).toBeCloseTo(seen.handParameters[k]!, 2));
      }
    }
  });

  it('takes most of the trembling out of all 22 numbers', () => {
    const rng = createRng('tremble');
    const smoother = numberSmoother();
    const deviations = Array.from({ length: 22 }, (_, k) => (k === 0 ? 6 : k < 3 ? 1 : 0.05));
    const [raw, smooth] = [new Float64Array(22), new Float64Array(22)];
    for (let i = 0; i < 200; i++) {
      const noisy = base.map((value, k) => value + rng.normal(0, deviations[k]));
      const { handParameters } = smoother.smooth(numbers({ handParameters: noisy }), i / 30);
      if (i < 60) continue;
      for (let k = 0; k < 22; k++) {
        raw[k]! += (noisy[k]! - base[k]!) ** 2;
        smooth[k]! += (handParameters[k]! - base[k]!) ** 2;
      }
    }
    for (let k = 0; k < 22; k++) expect(Math.sqrt(smooth[k]! / raw[k]!)).toBeLessThan(0.6);
  });

  it('passes over the place where axis-angle vectors jump', () => {
    const smoother = numberSmoother();
    const at = (angle: number): Float32Array => {
      const wrapped = angle > Math.PI ? angle - 2 * Math.PI : angle;
      return Float32Array.from(base, (value, k) => (k === 3 ? wrapped : k === 4 || k === 5 ? 0 : value));
    };
    for (let i = 0; i < 60; i++) {
      const angle = 3 + 0.005 * i; // over π
      const { handParameters } = smoother.smooth(numbers({ handParameters: at(angle) }), i / 30);
      const [x, y, z] = handParameters.subarray(3);
      const [found, expected] = [axisAngleToMatrix([x!, y!, z!]), axisAngleToMatrix([angle, 0, 0])];
      found.forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThan(0.1));
    }
  });

  it('begins anew with the other hand and after a reset', () => {
    const smoother = numberSmoother();
    smoother.smooth(numbers(), 0);
    const moved = base.map((value) => value + 1);
    const same = smoother.smooth(numbers({ handParameters: moved }), 0.03).handParameters;
    expect(Math.abs(same[1]! - moved[1]!)).toBeGreaterThan(0.1);
    const other = smoother.smooth(numbers({ side: 'left', handParameters: base }), 0.06).handParameters;
    other.forEach((value, k) => expect(value).toBeCloseTo(base[k]!, 3));
    smoother.reset();
    const anew = smoother.smooth(numbers({ side: 'left', handParameters: moved }), 0.01).handParameters;
    anew.forEach((value, k) => expect(value).toBeCloseTo(moved[k]!, 3));
  });
});

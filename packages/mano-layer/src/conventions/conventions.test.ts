import { createRng } from '@opposable/tensor-checks';
import { apply, largestDifference, referenceHand, rodrigues, rotationsOf } from '../test-support/reference-hand.js';
import { manoSizedHand, PARENTS, syntheticHand } from '../test-support/synthetic-hand.js';
import { decodeHandParameters } from './decode-hand-parameters.js';
import { coefficientsToHandPose, handPoseToCoefficients } from './hand-pose.js';
import { keypointSources } from './keypoint-sources.js';
import { hasManoTopology, MANO_PARENTS } from './mano-topology.js';
import { mirrorModel } from './mirror-model.js';
import { rotateHand } from './rotate-hand.js';
import { scaleHandParameters } from './scale-hand-parameters.js';

const rng = createRng(4);
const model = syntheticHand({ rng: rng.split('model'), arrayType: Float64Array });
const numbers = (count: number, size = 1) => Array.from({ length: count }, () => rng.normal(0, size));

describe('mirrorModel', () => {
  const mirrored = mirrorModel(model);
  const mirrorAxisAngle = (values: readonly number[]) => values.map((value, i) => (i % 3 === 0 ? value : -value));

  it('poses to the mirror image of the posed hand', () => {
    for (let run = 0; run < 3; run++) {
      const [betas, pose] = [numbers(10), numbers(48)];
      const right = referenceHand(model, betas, rotationsOf(pose));
      const left = referenceHand(mirrored, betas, rotationsOf(mirrorAxisAngle(pose)));
      const reflect = (points: number[][]) => points.flatMap(([x, y, z]) => [-x!, y!, z!]);
      expect(largestDifference(left.vertices.flat(), reflect(right.vertices))).toBeLessThan(1e-14);
      expect(largestDifference(left.joints.flat(), reflect(right.joints))).toBeLessThan(1e-14);
    }
  });

  it('takes the same pose coefficients', () => {
    const coefficients = numbers(6);
    const right = coefficientsToHandPose(model, coefficients, { flatHandMean: false });
    const left = coefficientsToHandPose(mirrored, coefficients, { flatHandMean: false });
    expect(largestDifference(left, mirrorAxisAngle([...right]))).toBeLessThan(1e-15);
  });

  it('keeps triangles counter-clockwise from outside and changes the side', () => {
    expect(mirrored.side).toBe('left');
    const normalOf = (hand: typeof model, face: number) => {
      const [a, b, c] = [0, 1, 2].map((corner) => {
        const id = hand.faces[face * 3 + corner]!;
        return [0, 1, 2].map((i) => hand.vTemplate[id * 3 + i]!);
      }) as [number[], number[], number[]];
      const [p, q] = [b.map((x, i) => x - a[i]!), c.map((x, i) => x - a[i]!)] as [number[], number[]];
      return [p[1]! * q[2]! - p[2]! * q[1]!, p[2]! * q[0]! - p[0]! * q[2]!, p[0]! * q[1]! - p[1]! * q[0]!];
    };
    for (let face = 0; face < model.faces.length / 3; face++) {
      const [x, y, z] = normalOf(model, face);
      expect(largestDifference(normalOf(mirrored, face), [-x!, y!, z!])).toBeLessThan(1e-15);
    }
  });

  it('gives the first model back when applied twice, and leaves it alone', () => {
    const before = model.vTemplate.slice();
    const twice = mirrorModel(mirrored);
    expect(model.vTemplate).toEqual(before);
    expect(twice.side).toBe('right');
    expect([...twice.faces]).toEqual([...model.faces]);
    for (const name of ['vTemplate', 'shapeDirs', 'poseDirs', 'handsMean', 'handsComponents'] as const) {
      expect(largestDifference(twice[name], model[name])).toBe(0);
    }
  });
});

describe('scaleHandParameters', () => {
  const params = [500, 100, 90, ...numbers(19, 0.5)];

  it('moves the projection as the pixels move, keeping the first pixel in place', () => {
    const scaled = scaleHandParameters(params, 0.8, [12, -7]);
    const before = decodeHandParameters(model, params).keypoints2d;
    const expected = before.map((value, i) => (value - [12, -7][i % 2]!) * 0.8);
    expect(largestDifference(decodeHandParameters(model, scaled).keypoints2d, expected)).toBeLessThan(1e-10);
    expect([...scaled.slice(3)]).toEqual(params.slice(3));
  });

  it('moves the projection as image resizing does, keeping the corner in place', () => {
    const scaled = scaleHandParameters(params, 2, [10, 20], { anchor: 'corner' });
    const before = decodeHandParameters(model, params).keypoints2d;
    // the corner of the crop's first pixel is at (9.5, 19.5) before and at (−0.5, −0.5) after
    const expected = before.map((value, i) => (value - [9.5, 19.5][i % 2]!) * 2 - 0.5);
    expect(largestDifference(decodeHandParameters(model, scaled).keypoints2d, expected)).toBeLessThan(1e-10);
  });

  it('refuses other lengths, factors and anchors', () => {
    expect(() => scaleHandParameters([1, 2], 1)).toThrow('scaleHandParameters: expected 22 numbers, got 2.');
    expect(() => scaleHandParameters(params, 0)).toThrow('expected a positive factor and a finite origin, got 0');
    expect(() => scaleHandParameters(params, 1, [NaN, 0])).toThrow('got 1 and [NaN, 0]');
    expect(() => scaleHandParameters(params, 1, [0, 0], { anchor: 'center' as 'corner' })).toThrow('got center');
  });
});

describe('coefficientsToHandPose and handPoseToCoefficients', () => {
  it.each([true, false])('are inverse to each other with flatHandMean %s', (flatHandMean) => {
    const coefficients = numbers(12);
    const pose = coefficientsToHandPose(model, coefficients, { flatHandMean });
    expect(largestDifference(handPoseToCoefficients(model, pose, 12, { flatHandMean }), coefficients)).toBeLessThan(
      1e-10,
    );
    const any = numbers(45);
    const all = handPoseToCoefficients(model, any, 45, { flatHandMean });
    expect(largestDifference(coefficientsToHandPose(model, all, { flatHandMean }), any)).toBeLessThan(1e-9);
  });

  it('give the nearest pose: what is left over is orthogonal to every component', () => {
    const pose = numbers(45);
    const coefficients = handPoseToCoefficients(model, pose, 6, { flatHandMean: true });
    const nearest = coefficientsToHandPose(model, coefficients, { flatHandMean: true });
    for (let n = 0; n < 6; n++) {
      let product = 0;
      for (let k = 0; k < 45; k++) product += (pose[k]! - nearest[k]!) * model.handsComponents[n * 45 + k]!;
      expect(Math.abs(product)).toBeLessThan(1e-12);
    }
  });

  it('refuse what does not fit', () => {
    const options = { flatHandMean: true };
    expect(() => coefficientsToHandPose(model, [], options)).toThrow('expected 1 to 45 pose components, got 0.');
    expect(() => handPoseToCoefficients(model, numbers(44), 6, options)).toThrow(
      'expected a pose of 45 numbers, got 44.',
    );
    expect(() => handPoseToCoefficients(model, numbers(45), 46, options)).toThrow(
      'expected 1 to 45 pose components, got 46.',
    );
    const handsComponents = model.handsComponents.slice();
    handsComponents.copyWithin(45, 0, 45);
    expect(() => handPoseToCoefficients({ ...model, handsComponents }, numbers(45), 6, options)).toThrow(
      'pose component 1 depends on the ones before it.',
    );
  });
});

describe('rotateHand', () => {
  it('moves the posed hand by the change of frame', () => {
    const [betas, pose, transl] = [numbers(10), numbers(48), numbers(3)];
    const rotation = rodrigues(numbers(3));
    const translation = numbers(3);
    const moved = rotateHand(model, betas, { globalOrient: pose.slice(0, 3), transl }, { rotation, translation });
    const at = (orient: ArrayLike<number>, shift: ArrayLike<number>) =>
      referenceHand(model, betas, rotationsOf([...Array.from(orient), ...pose.slice(3)])).vertices.map((point) =>
        point.map((value, i) => value + shift[i]!),
      );
    const expected = at(pose, transl).flatMap((point) =>
      apply(rotation, point).map((value, i) => value + translation[i]!),
    );
    expect(largestDifference(at(moved.globalOrient, moved.transl).flat(), expected)).toBeLessThan(1e-12);
  });

  it('refuses other lengths', () => {
    const placement = { globalOrient: [0, 0, 0], transl: [0, 0, 0] };
    expect(() => rotateHand(model, numbers(10), placement, { rotation: [1], translation: [0, 0, 0] })).toThrow(
      'rotateHand: expected rotation of length 9, got 1.',
    );
  });
});

describe('keypointSources', () => {
  it('names joints, fingertips and the palm', () => {
    expect(keypointSources('mano-raw')).toEqual(Array.from({ length: 21 }, (_, i) => i));
    // the published permutation from MANO's joints with tips to OpenPose
    expect(keypointSources('openpose')).toEqual([
      0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20,
    ]);
    expect(keypointSources('stb')[0]).toBe(21);
  });
});

describe('hasManoTopology', () => {
  it('looks at vertices and faces', () => {
    expect(hasManoTopology(manoSizedHand(rng.split('mano')))).toBe(true);
    expect(hasManoTopology(model)).toBe(false);
    expect(MANO_PARENTS).toEqual(PARENTS);
  });
});

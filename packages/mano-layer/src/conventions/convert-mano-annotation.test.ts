import { createRng } from '@opposable/tensor-checks';
import { apply, largestDifference, referenceHand, rodrigues } from '../test-support/reference-hand.js';
import { manoSizedHand, syntheticHand } from '../test-support/synthetic-hand.js';
import type { ManoModel } from '../types.js';
import { type ConvertedManoAnnotation, convertManoAnnotation } from './convert-mano-annotation.js';
import type { ManoAnnotation } from './mano-annotation.js';
import { mirrorModel } from './mirror-model.js';
import { poseManoAnnotation } from './pose-mano-annotation.js';
import { MANO_CONVENTIONS, type ManoConvention, type ManoConventionName } from './presets.js';

const rng = createRng(11);
const small = syntheticHand({ rng: rng.split('small'), arrayType: Float64Array });
const right = manoSizedHand(rng.split('mano'));
const left = mirrorModel(right);
const NAMES = Object.keys(MANO_CONVENTIONS) as ManoConventionName[];

/** Conventions that can hold any pose: those with coefficients get all 45. */
const whole = (name: ManoConventionName): ManoConvention => {
  const convention = MANO_CONVENTIONS[name];
  return convention.poseRepresentation === 'pca' ? { ...convention, numPcaComponents: 45 } : convention;
};

const normals = (count: number, size = 1) => Array.from({ length: count }, () => rng.normal(0, size));
const turn = () => {
  const axis = normals(3);
  const angle = rng.uniform(0, 3.1);
  return axis.map((value) => (value * angle) / Math.hypot(...axis));
};
const randomAnnotation = (convention: ManoConvention, side: 'left' | 'right' = 'right') => ({
  side,
  globalOrient: turn(),
  handPose: normals(convention.numPcaComponents ?? 45, 0.5),
  betas: normals(10),
  transl: [rng.normal(0, 0.2), rng.normal(0, 0.2), rng.uniform(0.4, 1)],
});

const camera = { rotation: rodrigues(turn()), translation: normals(3) };
const transpose = (m: readonly number[]) => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => m[i]!);
const cameraBack = {
  rotation: transpose(camera.rotation),
  translation: apply(transpose(camera.rotation), camera.translation).map((value) => -value),
};

/** MANO_LEFT as distributed: x of its shape directions has the sign of the right hand. */
const distributed = (model: ManoModel): ManoModel => ({
  ...model,
  shapeDirs: model.shapeDirs.map((value, i) => (Math.floor(i / model.shapeCount) % 3 === 0 ? -value : value)),
});

/** Vertices in the camera's OpenCV frame, metres: each convention written out by hand, in plain loops. */
function cameraVertices(name: ManoConventionName, annotation: ManoAnnotation, model: ManoModel): number[][] {
  const add = (a: readonly number[], b: ArrayLike<number>, sign = 1) => a.map((value, i) => value + sign * b[i]!);
  const { globalOrient, transl, betas } = annotation;
  const mean = Array.from(model.handsMean);
  const pca = (start: readonly number[]) =>
    start.map((value, k) =>
      Array.from(annotation.handPose).reduce((sum, c, n) => sum + c * model.handsComponents[n * 45 + k]!, value),
    );
  const pose: Record<ManoConventionName, () => number[]> = {
    manopth: () => pca(mean.map(() => 0)),
    smplx: () => pca(mean),
    freihand: () => add(mean, annotation.handPose),
    ho3d: () => Array.from(annotation.handPose),
    dexycb: () => pca(mean),
    interhand: () => add(mean, annotation.handPose),
    '3dhand': () => pca(mean),
    opposable: () => Array.from(annotation.handPose),
  };
  const fingers = pose[name]();
  const matrices = (root: readonly number[]) => [
    root,
    ...Array.from({ length: 15 }, (_, j) => rodrigues(fingers.slice(j * 3, j * 3 + 3))),
  ];
  const about = rodrigues(globalOrient);
  const root = name === '3dhand' ? rodrigues([Math.PI, 0, 0]) : about;
  const { vertices, joints } = referenceHand(model, betas, matrices(root));
  switch (name) {
    case 'freihand': // keypoint 9, the knuckle of the middle finger, is the model's joint 4
      return vertices.map((point) => add(add(point, joints[4]!, -1), transl));
    case 'ho3d':
      return vertices.map((point) => add(point, transl).map((value, i) => (i === 0 ? value : -value)));
    case 'interhand':
      return vertices.map((point) => add(apply(camera.rotation, add(point, transl)), camera.translation));
    case '3dhand':
      return vertices.map((point) => add(apply(about, point), transl));
    default:
      return vertices.map((point) => add(point, transl));
  }
}

const transformBetween = (from: ManoConventionName, to: ManoConventionName) => {
  if (from === to) return undefined;
  if (from === 'interhand') return camera;
  return to === 'interhand' ? cameraBack : undefined;
};

/** The largest difference of two annotations' numbers. */
const parameterDifference = (a: ManoAnnotation, b: ManoAnnotation) =>
  Math.max(
    ...(['globalOrient', 'handPose', 'betas', 'transl'] as const).map((name) => largestDifference(a[name], b[name])),
  );

describe('convertManoAnnotation', () => {
  const pairs = NAMES.flatMap((from) => NAMES.map((to) => [from, to] as const));

  it.each(pairs)('keeps the vertices from %s to %s, and the numbers on the way back', (from, to) => {
    for (let run = 0; run < 4; run++) {
      const annotation = randomAnnotation(whole(from));
      const there = convertManoAnnotation(annotation, small, {
        from: whole(from),
        to: whole(to),
        transform: transformBetween(from, to),
      });
      const before = cameraVertices(from, annotation, small).flat();
      expect(largestDifference(cameraVertices(to, there.annotation, small).flat(), before)).toBeLessThan(1e-10);
      expect(there.residual.pose).toBeLessThan(1e-10);
      expect(there.residual.shape).toBe(0);
      const back = convertManoAnnotation(there.annotation, small, {
        from: whole(to),
        to: whole(from),
        transform: transformBetween(to, from),
      });
      expect(parameterDifference(back.annotation, annotation)).toBeLessThan(1e-9);
    }
  });

  it('keeps left hands between conventions that agree on the shape directions', () => {
    const groups: (readonly ManoConventionName[])[] = [['manopth', 'smplx', 'dexycb'], ['interhand']];
    for (const group of groups) {
      const model = group.length === 1 ? left : distributed(left);
      for (const [from, to] of group.flatMap((a) => group.map((b) => [a, b] as const))) {
        const annotation = randomAnnotation(whole(from), 'left');
        const { annotation: converted, residual } = convertManoAnnotation(
          annotation,
          { left, right },
          { from: whole(from), to: whole(to) },
        );
        expect(residual.shape).toBe(0);
        expect([...converted.betas]).toEqual(annotation.betas);
        const before = cameraVertices(from, annotation, model).flat();
        expect(largestDifference(cameraVertices(to, converted, model).flat(), before)).toBeLessThan(1e-6);
      }
    }
  });

  it('refits betas of left hands where only one convention assumes the fix, and says how far off the shape is', () => {
    const annotation = randomAnnotation(MANO_CONVENTIONS.dexycb, 'left');
    const { annotation: converted, residual } = convertManoAnnotation(annotation, left, {
      from: 'dexycb',
      to: 'interhand',
      transform: cameraBack,
    });
    const rest = (model: ManoModel, betas: ArrayLike<number>) => {
      const { vertices, joints } = referenceHand(
        model,
        betas,
        Array.from({ length: 16 }, () => rodrigues([0, 0, 0])),
      );
      return vertices.map((point) => point.map((value, i) => value - joints[0]![i]!));
    };
    const wanted = rest(distributed(left), annotation.betas);
    const squares = (betas: ArrayLike<number>) => {
      const reached = rest(left, betas);
      return wanted.map((point, v) => point.reduce((sum, value, i) => sum + (value - reached[v]![i]!) ** 2, 0));
    };
    const found = squares(converted.betas);
    expect(residual.shape).toBeCloseTo(Math.sqrt(Math.max(...found)), 10);
    expect(residual.shape).toBeGreaterThan(1e-3);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    for (let k = 0; k < 10; k++) {
      for (const step of [-0.01, 0.01]) {
        const other = Array.from(converted.betas, (value, i) => value + (i === k ? step : 0));
        expect(sum(squares(other))).toBeGreaterThan(sum(found));
      }
    }
    expect(sum(squares(annotation.betas))).toBeGreaterThan(sum(found));
    // the wrist stays where it was
    const wristBefore = poseManoAnnotation(annotation, left, 'dexycb').joints.subarray(0, 3);
    const wristAfter = poseManoAnnotation(converted, left, 'interhand').joints.subarray(0, 3);
    const inCamera = apply(
      camera.rotation,
      wristAfter.map((value) => value / 1000),
    ).map((value, i) => value + camera.translation[i]!);
    expect(largestDifference(inCamera, wristBefore)).toBeLessThan(1e-9);
  });

  it('takes a left model of either sign', () => {
    const annotation = randomAnnotation(MANO_CONVENTIONS.dexycb, 'left');
    const options = { from: 'dexycb', to: 'interhand', transform: cameraBack } as const;
    const a = convertManoAnnotation(annotation, { left, right }, options);
    const b = convertManoAnnotation(annotation, { left: distributed(left), right }, options);
    expect(parameterDifference(a.annotation, b.annotation)).toBeLessThan(1e-12);
  });

  it.each([
    ['interhand', 'freihand', camera],
    ['interhand', 'ho3d', camera],
    ['manopth', '3dhand', undefined],
  ] as const)('mirrors left hands of %s to right hands of %s in the frame of the camera', (name, to, transform) => {
    const from = { ...whole(name), leftShapeFix: 'on' as const };
    const annotation = randomAnnotation(from, 'left');
    const there = convertManoAnnotation(annotation, { left, right }, { from, to: whole(to), side: 'right', transform });
    expect(there.annotation.side).toBe('right');
    const mirrored = cameraVertices(name, annotation, left).flatMap(([x, y, z]) => [-x!, y!, z!]);
    expect(largestDifference(cameraVertices(to, there.annotation, right).flat(), mirrored)).toBeLessThan(1e-6);
    expect(there.residual.shape).toBeLessThan(1e-12);
    const back = convertManoAnnotation(there.annotation, right, {
      from: whole(to),
      to: from,
      side: 'left',
      transform: transform && cameraBack,
    });
    expect(parameterDifference(back.annotation, annotation)).toBeLessThan(1e-9);
  });

  it('mirrors coefficients through the basis of the other side, whichever it is', () => {
    const otherBasis = {
      ...left,
      handsComponents: left.handsComponents.map((value, i) => -2 * left.handsComponents[(i * 7) % 2025]! + value),
    };
    const from = { ...whole('smplx'), leftShapeFix: 'on' as const };
    const annotation = randomAnnotation(from, 'left');
    const { annotation: converted } = convertManoAnnotation(
      annotation,
      { left: otherBasis, right },
      { from, to: whole('3dhand'), side: 'right' },
    );
    const mirrored = cameraVertices('smplx', annotation, otherBasis).flatMap(([x, y, z]) => [-x!, y!, z!]);
    expect(largestDifference(cameraVertices('3dhand', converted, right).flat(), mirrored)).toBeLessThan(1e-6);
  });

  it('moves a pose to another frame within one convention', () => {
    for (const name of NAMES) {
      const annotation = randomAnnotation(whole(name));
      const convention = { ...whole(name), frame: 'any' as const };
      const { annotation: moved } = convertManoAnnotation(annotation, small, {
        from: convention,
        to: convention,
        transform: camera,
      });
      if (name === 'interhand') continue; // its camera is in cameraVertices already
      const expected = cameraVertices(name, annotation, small).flatMap((point) =>
        apply(camera.rotation, point).map((value, i) => value + camera.translation[i]!),
      );
      expect(largestDifference(cameraVertices(name, moved, small).flat(), expected)).toBeLessThan(1e-10);
    }
  });

  it('takes the nearest pose where there are too few coefficients, and says how far it is', () => {
    const annotation = randomAnnotation(MANO_CONVENTIONS.freihand);
    const { annotation: converted, residual } = convertManoAnnotation(annotation, small, {
      from: 'freihand',
      to: 'smplx',
    });
    expect(converted.handPose).toHaveLength(6);
    // what is left over, computed from the coefficients, is orthogonal to the six components
    const rest = annotation.handPose.map((value, k) => {
      for (let n = 0; n < 6; n++) value -= converted.handPose[n]! * small.handsComponents[n * 45 + k]!;
      return value;
    });
    for (let n = 0; n < 6; n++) {
      const product = rest.reduce((sum, value, k) => sum + value * small.handsComponents[n * 45 + k]!, 0);
      expect(Math.abs(product)).toBeLessThan(1e-12);
    }
    expect(residual.pose).toBeCloseTo(Math.max(...rest.map(Math.abs)), 12);
    expect(residual.pose).toBeGreaterThan(0.1);
  });

  it('is exact between conventions with six coefficients on the same mean', () => {
    const annotation = randomAnnotation(MANO_CONVENTIONS['3dhand']);
    const there = convertManoAnnotation(annotation, small, { from: '3dhand', to: 'smplx' });
    expect(there.residual.pose).toBeLessThan(1e-12);
    const back = convertManoAnnotation(there.annotation, small, { from: 'smplx', to: '3dhand' });
    expect(parameterDifference(back.annotation, annotation)).toBeLessThan(1e-12);
  });

  it('leaves every number alone where nothing is to be converted, angles beyond π too', () => {
    const annotation = { ...randomAnnotation(whole('ho3d')), globalOrient: [4, 0, 0.5] };
    const { annotation: same } = convertManoAnnotation(annotation, small, { from: 'ho3d', to: 'ho3d' });
    expect(parameterDifference(same, annotation)).toBe(0);
  });

  it('keeps a half turn', () => {
    for (const globalOrient of [
      [Math.PI, 0, 0],
      [0, Math.PI, 0],
      [0, 0, 0],
    ]) {
      const annotation = { ...randomAnnotation(whole('freihand')), globalOrient };
      const { annotation: converted } = convertManoAnnotation(annotation, small, { from: 'freihand', to: 'ho3d' });
      const before = cameraVertices('freihand', annotation, small).flat();
      expect(largestDifference(cameraVertices('ho3d', converted, small).flat(), before)).toBeLessThan(1e-12);
    }
  });

  it('accounts for another unit and another centre of the translation', () => {
    const annotation = randomAnnotation(whole('freihand'));
    const custom = { ...whole('manopth'), center: 'wrist', translUnits: 'mm' } as const;
    const { annotation: converted } = convertManoAnnotation(annotation, small, { from: 'freihand', to: custom });
    // a hand whose wrist is at the origin: the translation is the place of the wrist
    const { joints } = poseManoAnnotation(annotation, small, 'freihand');
    expect(
      largestDifference(
        converted.transl,
        joints.slice(0, 3).map((value) => value * 1000),
      ),
    ).toBeLessThan(1e-9);
  });

  it('refuses what it cannot do', () => {
    const annotation = randomAnnotation(whole('interhand'));
    const convert = (...args: Parameters<typeof convertManoAnnotation>): ConvertedManoAnnotation =>
      convertManoAnnotation(...args);
    expect(() => convert(annotation, small, { from: 'interhand', to: 'freihand' })).toThrow(
      "expected transform (new frame from old) to be given, because 'interhand' is in the world frame and 'freihand' in the camera frame.",
    );
    expect(() => convert({ ...annotation, side: 'left' }, small, { from: 'smplx', to: 'ho3d' })).toThrow(
      "the convention 'ho3d' holds right hands only, got side left; set side: 'right' to mirror the hand.",
    );
    expect(() => convert(annotation, small, { from: 'smplx', to: 'manopth' })).toThrow(
      "expected handPose of length 6 in the convention 'smplx', got 45.",
    );
    expect(() => convert({ ...annotation, betas: [1] }, small, { from: 'interhand', to: 'smplx' })).toThrow(
      "expected betas of length 10 in the convention 'interhand', got 1.",
    );
    expect(() => convert({ ...annotation, transl: [0, NaN, 0] }, small, { from: 'interhand', to: 'smplx' })).toThrow(
      'expected finite numbers in transl, got NaN at 1.',
    );
    expect(() => convert(annotation, small, { from: 'mano' as 'smplx', to: 'smplx' })).toThrow(
      "manoConvention: expected one of manopth, smplx, freihand, ho3d, dexycb, interhand, 3dhand, opposable, got 'mano'.",
    );
    expect(() => convert(annotation, { left: right }, { from: 'interhand', to: 'smplx' })).toThrow(
      'expected a left hand as the left model, got a right one.',
    );
    expect(() => convert(annotation, {}, { from: 'interhand', to: 'smplx' })).toThrow(
      'expected a left or a right model, got none.',
    );
  });
});

describe('poseManoAnnotation', () => {
  it.each(NAMES)('gives vertices and joints as %s has them', (name) => {
    const convention = MANO_CONVENTIONS[name];
    const annotation = randomAnnotation(convention);
    const { vertices, joints, keypoints } = poseManoAnnotation(annotation, right, name);
    const inCamera = cameraVertices(name, annotation, right);
    const expected = inCamera.flatMap((point) => {
      const own =
        name === 'interhand'
          ? apply(
              transpose(camera.rotation),
              point.map((value, i) => value - camera.translation[i]!),
            )
          : point;
      const unit = convention.units === 'mm' ? 1000 : 1;
      return own.map((value, i) => (name === 'ho3d' && i > 0 ? -value : value) * unit);
    });
    expect(largestDifference(vertices, expected)).toBeLessThan(1e-6);
    // the wrist in every order's place, and the thumb's tip of the named set
    const wrist = name === 'interhand' ? 20 : 0;
    expect([...keypoints.subarray(wrist * 3, wrist * 3 + 3)]).toEqual([...joints.subarray(0, 3)]);
    const thumbTip = {
      manopth: 4,
      dexycb: 4,
      freihand: 4,
      smplx: 16,
      ho3d: 16,
      interhand: 0,
      '3dhand': 20,
      opposable: 4,
    }[name];
    const vertex = name === 'freihand' || name === 'smplx' || name === 'ho3d' || name === 'opposable' ? 744 : 745;
    expect([...keypoints.subarray(thumbTip * 3, thumbTip * 3 + 3)]).toEqual([
      ...vertices.subarray(vertex * 3, vertex * 3 + 3),
    ]);
    if (name === 'freihand')
      expect(largestDifference(keypoints.subarray(27, 30), annotation.transl)).toBeLessThan(1e-12);
  });
});

import { createRng } from '@opposable/tensor-checks';
import { apply, largestDifference, rodrigues } from '../test-support/reference-hand.js';
import { manoSizedHand } from '../test-support/synthetic-hand.js';
import { convertManoAnnotation } from './convert-mano-annotation.js';
import { decodeHandParameters } from './decode-hand-parameters.js';
import { interHandCamera, MANO_RECORDS } from './mano-records.js';
import { poseManoAnnotation } from './pose-mano-annotation.js';

const rng = createRng(21);
const model = manoSizedHand(rng.split('model'));
const normals = (count: number) => Array.from({ length: count }, () => rng.normal(0, 0.4));
const intrinsics = [480, 0, 112, 0, 500, 108, 0, 0, 1];
const side = 'left';

describe('MANO_RECORDS', () => {
  it('reads FreiHAND’s 61 numbers: keypoint 9 is at ((u − cx), (v − cy), f)/scale', () => {
    const vector = [...normals(58), 130, 97, 700];
    const annotation = MANO_RECORDS.freihand.parse(vector, { intrinsics });
    const { keypoints } = poseManoAnnotation(annotation, model, 'freihand');
    const root = [(130 - 112) / 700, (97 - 108) / 700, 490 / 700];
    expect(largestDifference(keypoints.subarray(27, 30), root)).toBeLessThan(1e-12);
    expect([...annotation.globalOrient, ...annotation.handPose, ...annotation.betas]).toEqual(vector.slice(0, 58));
    expect(largestDifference(MANO_RECORDS.freihand.format(annotation, { intrinsics }), vector)).toBeLessThan(1e-10);
  });

  it('reads the 22 numbers of 3dhand, which look the same through the camera of 3dhand', () => {
    const vector = [560, 120, 133, ...normals(19)];
    const annotation = MANO_RECORDS['3dhand'].parse(vector, { intrinsics });
    const { vertices } = poseManoAnnotation(annotation, model, '3dhand');
    // 3dhand's own vertices are at the coordinate origin; the annotation puts that origin before the camera
    const { vertices3d } = decodeHandParameters(model, vector, { fingertips: '3dhand' });
    const shift = vertices3d.map((value, i) => value + annotation.transl[i % 3]!);
    expect(largestDifference(vertices, shift)).toBeLessThan(1e-8); // float32 weights do not quite sum to 1
    const [x, y, z] = Array.from(annotation.transl) as [number, number, number];
    expect([(480 * x) / z + 112, (500 * y) / z + 108].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([
      120, 133,
    ]);
    expect(490 / z).toBeCloseTo(560, 9);
    expect(largestDifference(MANO_RECORDS['3dhand'].format(annotation, { intrinsics }), vector)).toBeLessThan(1e-10);
  });

  it('reads HO-3D, and nothing where a frame is not annotated', () => {
    const record = { handPose: normals(48), handTrans: normals(3), handBeta: normals(10) };
    const annotation = MANO_RECORDS.ho3d.parse(record)!;
    expect([...annotation.handPose]).toEqual(record.handPose.slice(3));
    expect(annotation.side).toBe('right');
    expect(MANO_RECORDS.ho3d.format(annotation)).toEqual({
      handPose: Float64Array.from(record.handPose),
      handTrans: Float64Array.from(record.handTrans),
      handBeta: Float64Array.from(record.handBeta),
    });
    expect(MANO_RECORDS.ho3d.parse({ handPose: null, handTrans: null, handBeta: null })).toBeUndefined();
  });

  it('reads DexYCB’s 51 numbers: orientation, 45 coefficients, translation; zeros are no hand', () => {
    const poseM = normals(51);
    const betas = normals(10);
    const annotation = MANO_RECORDS.dexycb.parse({ poseM, betas }, { side })!;
    expect([annotation.side, ...annotation.transl]).toEqual([side, ...poseM.slice(48)]);
    expect(annotation.handPose).toHaveLength(45);
    const again = MANO_RECORDS.dexycb.format(annotation);
    expect([[...again.poseM], [...again.betas]]).toEqual([poseM, betas]);
    expect(MANO_RECORDS.dexycb.parse({ poseM: new Float32Array(51), betas }, { side })).toBeUndefined();
  });

  it('reads InterHand2.6M, smplx and manopth by their own names', () => {
    const record = { pose: normals(48), shape: normals(10), trans: normals(3) };
    const interhand = MANO_RECORDS.interhand.parse(record, { side });
    expect([...interhand.transl]).toEqual(record.trans);
    expect([...MANO_RECORDS.interhand.format(interhand).pose]).toEqual(record.pose);
    const smplx = MANO_RECORDS.smplx.format(interhand);
    expect(MANO_RECORDS.smplx.parse(smplx, { side })).toEqual(interhand);
    const manopth = MANO_RECORDS.manopth.format(interhand);
    expect([...manopth.poseCoeffs]).toEqual(record.pose);
    expect(MANO_RECORDS.manopth.parse(manopth, { side })).toEqual(interhand);
  });

  it('goes from a FreiHAND vector to HO-3D’s fields and back', () => {
    const vector = [...normals(58), 100, 120, 800];
    const annotation = MANO_RECORDS.freihand.parse(vector, { intrinsics });
    const there = convertManoAnnotation(annotation, model, { from: 'freihand', to: 'ho3d' }).annotation;
    const stored = MANO_RECORDS.ho3d.parse(MANO_RECORDS.ho3d.format(there))!;
    const back = convertManoAnnotation(stored, model, { from: 'ho3d', to: 'freihand' }).annotation;
    expect(largestDifference(MANO_RECORDS.freihand.format(back, { intrinsics }), vector)).toBeLessThan(1e-9);
  });

  it('refuses records of another length', () => {
    expect(() => MANO_RECORDS.freihand.parse([1, 2], { intrinsics })).toThrow(
      'MANO_RECORDS.freihand.parse: expected vector of length 61, got 2.',
    );
    expect(() => MANO_RECORDS.freihand.parse(normals(61), { intrinsics: [500] })).toThrow(
      'MANO_RECORDS.freihand.parse: expected intrinsics of length 9, got 1.',
    );
    expect(() => MANO_RECORDS.dexycb.parse({ poseM: [1], betas: [] }, { side })).toThrow('poseM of length 51, got 1.');
    expect(() => MANO_RECORDS['3dhand'].parse([1], { intrinsics })).toThrow('expected vector of length 22, got 1.');
  });
});

describe('interHandCamera', () => {
  it('takes millimetres, and puts the camera itself at the origin', () => {
    const rotation = rodrigues([0.3, -1, 0.7]);
    const campos = [120, -340, 900];
    const rows = [0, 3, 6].map((start) => rotation.slice(start, start + 3));
    for (const camrot of [rotation, rows]) {
      const transform = interHandCamera({ campos, camrot });
      const place = apply(
        rotation,
        campos.map((value) => value / 1000),
      ).map((value, i) => value + transform.translation[i]!);
      expect(largestDifference(place, [0, 0, 0])).toBeLessThan(1e-15);
      expect([...Array.from(transform.rotation)]).toEqual(rotation);
    }
    expect(() => interHandCamera({ campos: [0], camrot: rotation })).toThrow('expected campos of length 3, got 1.');
  });
});

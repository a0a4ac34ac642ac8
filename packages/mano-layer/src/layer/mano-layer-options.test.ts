import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, createRng, ManoModelError, ShapeError } from '@opposable/tensor-checks';
import type { ManoLayerOptions } from '../conventions/layer-options.js';
import { negateShapeX } from '../conventions/left-shape-bug.js';
import { MANO_CONVENTIONS } from '../conventions/presets.js';
import { prepareWasm } from '../test-support/layer-error.js';
import { rows } from '../test-support/rows.js';
import { manoSizedHand, syntheticHand } from '../test-support/synthetic-hand.js';
import type { ManoModel } from '../types.js';
import { ManoLayer } from './mano-layer.js';

describe('The options of ManoLayer', () => {
  beforeAll(() => prepareWasm({ fused: false }));
  const rng = createRng(79);
  const model = syntheticHand({ rng: rng.split('model') });

  it('takes its options from a convention, and what is given beside it', () => {
    const mano = manoSizedHand(rng.split('mano'));
    const options = (choices: ManoLayerOptions) => {
      const layer = new ManoLayer(mano, choices);
      layer.dispose();
      return layer.options;
    };
    expect(options({ convention: 'smplx' })).toMatchObject({
      convention: 'smplx',
      flatHandMean: false,
      numPcaComponents: 6,
      keypointOrder: 'mano-raw',
      units: 'm',
      fingertips: [744, 320, 443, 554, 671],
    });
    expect(options({ convention: 'manopth', units: 'm', flatHandMean: false, center: undefined })).toMatchObject({
      flatHandMean: false,
      units: 'm',
      center: 'none',
    });
    expect(options({ convention: 'dexycb' }).numPcaComponents).toBe(45);
    expect(options({ convention: 'manopth', poseRepresentation: 'matrix' })).toMatchObject({
      poseRepresentation: 'matrix',
      numPcaComponents: 0,
    });
    const own = { ...MANO_CONVENTIONS.manopth, name: 'ours', numPcaComponents: 12 };
    expect(options({ convention: own })).toMatchObject({ convention: 'ours', numPcaComponents: 12 });
  });

  it('uses the shape directions that a convention of left hands assumes, whichever the model has', async () => {
    const fixed = manoSizedHand(rng.split('mano'), 'left');
    const distributed = negateShapeX(fixed);
    const betas = tf.tensor2d(rows(1, 10, () => rng.normal()));
    const joints = async (hand: ManoModel, choices: ManoLayerOptions) => {
      const layer = new ManoLayer(hand, { poseRepresentation: 'axis-angle', fingertips: 'smplx', ...choices });
      const result = layer.forward({ betas, handPose: tf.zeros([1, 45]), globalOrient: tf.zeros([1, 3]) });
      layer.dispose();
      return result.joints.data();
    };
    const asIs = { flatHandMean: false } as const;
    expect(await joints(distributed, { convention: 'interhand', units: 'm' })).toEqual(await joints(fixed, asIs));
    expect(await joints(fixed, { convention: 'interhand', units: 'm' })).toEqual(await joints(fixed, asIs));
    expect(await joints(fixed, { convention: 'dexycb' })).toEqual(await joints(distributed, asIs));
    expect(await joints(fixed, { ...asIs, leftShapeFix: 'off' })).toEqual(await joints(distributed, asIs));
    const noise = { ...fixed, shapeDirs: fixed.shapeDirs.map(() => rng.normal(0, 0.002)) };
    expect(() => new ManoLayer(noise, { convention: 'smplx' })).toThrow(
      'ManoLayer: cannot tell whether this left hand',
    );
  });

  it.each<[string, unknown, string]>([
    ['no flatHandMean', {}, 'ManoLayer: expected flatHandMean to be given'],
    ['an unknown option', { flatHandMean: true, ncomps: 6 }, "got 'ncomps'"],
    ['a representation', { flatHandMean: true, poseRepresentation: 'euler' }, 'got euler'],
    ['no coefficients', { flatHandMean: true, numPcaComponents: 0 }, 'an integer from 1 to 45, got 0'],
    ['too many coefficients', { flatHandMean: true, numPcaComponents: 46 }, 'an integer from 1 to 45, got 46'],
    [
      'coefficients without PCA',
      { flatHandMean: true, poseRepresentation: 'axis-angle', numPcaComponents: 6 },
      "only with the pose representation 'pca'",
    ],
    ['a mean on matrices', { flatHandMean: false, poseRepresentation: 'matrix' }, 'its rotations are absolute'],
    ['no 6D layout', { flatHandMean: true, poseRepresentation: '6d' }, "rotation6dLayout to be given with '6d'"],
    [
      'an unknown 6D layout',
      { flatHandMean: true, poseRepresentation: '6d', rotation6dLayout: 'diagonal' },
      'one of columns, interleaved, rows, got diagonal',
    ],
    ['a stray 6D layout', { flatHandMean: true, rotation6dLayout: 'rows' }, "only with the pose representation '6d'"],
    [
      'MANO’s tips on another mesh',
      { flatHandMean: true, fingertips: 'smplx' },
      "got the mesh 'synthetic' with 60 vertices",
    ],
    ['an unknown tip set', { flatHandMean: true, fingertips: 'mediapipe' }, "got 'mediapipe'"],
    ['four tips', { flatHandMean: true, fingertips: [1, 2, 3, 4] }, 'five vertex ids from 0 to 59'],
    ['a tip beyond the mesh', { flatHandMean: true, fingertips: [1, 2, 3, 4, 60] }, 'five vertex ids from 0 to 59'],
    ['an unknown order', { flatHandMean: true, keypointOrder: 'alphabetical' }, "got 'alphabetical'"],
    ['a unit', { flatHandMean: true, units: 'cm' }, 'expected units to be one of m, mm, got cm'],
    ['an unknown convention', { convention: 'mano' }, 'manoConvention: expected one of manopth, smplx'],
    [
      'a convention on another mesh',
      { convention: 'smplx' },
      "the convention 'smplx' names vertices of MANO's mesh (778 vertices, 1538 faces), got the mesh 'synthetic' with 60",
    ],
    ['no vertices', { flatHandMean: true, vertexIds: [] }, 'expected vertexIds to be a list of vertices, got [].'],
    ['a vertex beyond the mesh', { flatHandMean: true, vertexIds: [60] }, 'name vertices 0 to 59, got 60.'],
    [
      'turns about the origin of matrices',
      { flatHandMean: true, poseRepresentation: 'matrix', orientAbout: 'origin' },
      "expected orientAbout 'wrist' with the pose representation 'matrix', got 'origin'; give the rotation",
    ],
    ['an unknown orientAbout', { flatHandMean: true, orientAbout: 'palm' }, 'orientAbout to be one of wrist, origin'],
    ['an unknown fix', { flatHandMean: true, leftShapeFix: 'auto' }, 'leftShapeFix to be one of on, off, got auto'],
    ['a center', { flatHandMean: true, center: 'elbow' }, 'expected center to be one of none, palm, wrist'],
  ])('refuses %s', (_, options, message) => {
    expect(() => new ManoLayer(model, options as ManoLayerOptions)).toThrow(message);
  });

  it('refuses landmarks of a mesh that has none, and its palm unless it is MANO’s', () => {
    const mano = manoSizedHand(rng.split('mano'));
    expect(() => new ManoLayer(mano, { flatHandMean: true })).toThrow(ConfigError);
    expect(() => new ManoLayer(mano, { flatHandMean: true })).toThrow("the model 'mano' has no landmarks of its own");
    expect(() =>
      new ManoLayer(mano, { flatHandMean: true, fingertips: 'freihand', center: 'palm' }).dispose(),
    ).not.toThrow();
    // one face fewer is another mesh
    const other = { ...mano, faces: mano.faces.slice(3) };
    expect(() => new ManoLayer(other, { convention: 'smplx' })).toThrow("'mano' with 778 vertices and 1537 faces");
    expect(() => new ManoLayer(other, { flatHandMean: true, fingertips: 'smplx' })).toThrow('and 1537 faces');
    const bare = syntheticHand({ rng: rng.split('bare'), landmarks: false });
    expect(() => new ManoLayer(bare, { flatHandMean: true, fingertips: [1, 2, 3, 4, 5], center: 'palm' })).toThrow(
      "palmVertices: the model 'synthetic' has no palm landmarks",
    );
  });

  it('refuses a broken model and inputs of another shape', () => {
    const options = { flatHandMean: true };
    const broken = (changes: Partial<ManoModel>) => () => new ManoLayer({ ...model, ...changes }, options);
    expect(broken({ handsMean: new Float32Array(44) })).toThrow(ManoModelError);
    expect(broken({ handsMean: new Float32Array(44) })).toThrow('expected handsMean with 45 numbers, got 44.');
    expect(broken({ handsComponents: new Float32Array(46 * 45) })).toThrow(
      'expected handsComponents with 1 to 45 rows',
    );
    expect(broken({ parents: Int32Array.from([-1, ...Array.from({ length: 15 }, () => 0)]) })).toThrow(
      "expected MANO's tree (joint 2 hangs on 1), got parent 0.",
    );
    expect(broken({ landmarks: { ...model.landmarks!, palm: [60] } })).toThrow(
      'expected landmarks.palm to name vertices 0 to 59',
    );
    expect(broken({ vertexColors: new Float32Array(3) })).toThrow('expected vertexColors with 180 numbers, got 3.');
    expect(broken({ side: 'both' as never })).toThrow('expected side to be left or right, got both.');
    const layer = new ManoLayer(model, options);
    const betas = tf.zeros<tf.Rank.R2>([2, 10]);
    const globalOrient = tf.zeros([2, 3]);
    const handPose = tf.zeros([2, 6]);
    expect(() => layer.forward({ betas: tf.zeros([2, 9]), handPose, globalOrient })).toThrow(ShapeError);
    expect(() => layer.forward({ betas, handPose: tf.zeros([2, 45]), globalOrient })).toThrow(
      'ManoLayer.forward: expected handPose of shape [B, 6] with B = 2, got [2, 45].',
    );
    expect(() => layer.forward({ betas, handPose, globalOrient: tf.zeros([1, 3]) })).toThrow(
      'ManoLayer.forward: expected globalOrient of shape [B, 3] with B = 2, got [1, 3].',
    );
    expect(() => layer.forward({ betas, handPose, globalOrient, worldRotation: tf.zeros([2, 3, 2]) })).toThrow(
      'ManoLayer.forward: expected worldRotation of shape [B, 3, 3] with B = 2, got [2, 3, 2].',
    );
    layer.dispose();
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { projectPerspective } from '@opposable/geometry/host';
import { ManoLayer } from '@opposable/mano-layer';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { fitObjective, fitTargetTensors } from './fit-objective.js';
import { hostKeypoints, syntheticTargets } from './test-support/synthetic-targets.js';

const model = loadOpenHand('right');
const COUNT = 2;
const WEIGHTS = { keypoints2d: 0.7, keypoints3d: 1.3, coefficients: 0.4 };
const { targets } = syntheticTargets(model, COUNT, 'objective');
targets.visibility[3] = 0;
targets.keypoints[6] = NaN;

/** The objective as loops in float64; `x` holds the variables of both hands by name. */
function hostObjective(x: Record<string, Float64Array>, start: Float64Array): number {
  let pixels = 0;
  let visible = 0;
  let millimetres = 0;
  let coefficients = 0;
  for (let n = 0; n < COUNT; n++) {
    const row = (name: string) => {
      const width = x[name]!.length / COUNT;
      return x[name]!.subarray(n * width, (n + 1) * width);
    };
    const transl = row('shift').map((value, axis) => start[n * 3 + axis]! + 0.1 * value);
    const hand = { globalOrient: row('globalOrient'), transl, handPose: row('handPose'), betas: row('betas') };
    const points = hostKeypoints(model, hand);
    const projected = projectPerspective(points, targets.intrinsics.subarray(n * 9, n * 9 + 9));
    for (let i = 0; i < 42; i++) {
      if (targets.visibility[n * 21 + (i >> 1)] === 0) continue;
      pixels += (projected[i]! - targets.keypoints[n * 42 + i]!) ** 2;
      visible++;
    }
    for (let axis = 0; axis < 3; axis++) {
      const off = Array.from({ length: 21 }, (_, k) => {
        const at = k * 3 + axis;
        return 1000 * points[at]! - targets.keypoints3d[n * 63 + at]!;
      });
      const mean = off.reduce((sum, value) => sum + value, 0) / 21;
      for (const value of off) millimetres += (value - mean) ** 2 / (63 * COUNT);
    }
    for (const value of [...row('handPose'), ...row('betas')]) coefficients += value ** 2 / COUNT;
  }
  return (
    WEIGHTS.keypoints2d * (pixels / visible) + WEIGHTS.keypoints3d * millimetres + WEIGHTS.coefficients * coefficients
  );
}

describe.each(['cpu', 'wasm'])('fitObjective on %s', (backend) => {
  beforeAll(() => prepareBackend(backend));

  it.each([6, 45])('has the value and gradient of float64 loops with %i coefficients', async (coefficients) => {
    const rng = createRng(`point ${coefficients}`);
    const values = (width: number, deviation: number) =>
      Float64Array.from(Float32Array.from({ length: COUNT * width }, () => rng.normal(0, deviation)));
    const x: Record<string, Float64Array> = {
      globalOrient: values(3, 1),
      shift: values(3, 0.3),
      handPose: values(coefficients, 0.5),
      betas: values(10, 1),
    };
    const start = Float64Array.from(Float32Array.of(0.02, -0.01, 0.5, 0, 0.03, 0.6));

    const layer = new ManoLayer(model, { flatHandMean: false, numPcaComponents: coefficients });
    const tensors = fitTargetTensors(targets, COUNT);
    const startTensor = tf.tensor2d(Float32Array.from(start), [COUNT, 3]);
    const names = Object.keys(x);
    const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) => {
      const [globalOrient, shift, handPose, betas] = args as tf.Tensor2D[];
      const variables = { globalOrient: globalOrient!, shift: shift!, handPose: handPose!, betas: betas! };
      return fitObjective(layer, tensors, startTensor, variables, WEIGHTS).total;
    })(names.map((name) => tf.tensor2d(Float32Array.from(x[name]!), [COUNT, x[name]!.length / COUNT])));

    const expected = hostObjective(x, start);
    expect(Math.abs((await value.data())[0]! / expected - 1)).toBeLessThan(1e-4);
    for (const [i, name] of names.entries()) {
      const found = await grads[i]!.data();
      const step = 1e-5;
      const central = Float64Array.from(x[name]!, (centre, at) => {
        const shifted = (by: number) => {
          const moved = x[name]!.slice();
          moved[at] = centre + by;
          return hostObjective({ ...x, [name]: moved }, start);
        };
        return (shifted(step) - shifted(-step)) / (2 * step);
      });
      const largest = Math.max(...central.map(Math.abs));
      const worst = Math.max(...central.map((slope, at) => Math.abs(slope - found[at]!)));
      expect(largest).toBeGreaterThan(0);
      expect([name, worst / largest < 1e-3]).toEqual([name, true]);
    }
    layer.dispose();
    tf.dispose([value, grads, startTensor, tensors] as unknown as tf.TensorContainer);
  });
});

/**
 * Turns the rigged right hand of @webxr-input-profiles/assets into the open hand in the MANO schema.
 *
 *   node tools/build-open-hand/build.mjs            writes packages/open-hand/src/open-hand-data.generated.ts
 *   node tools/build-open-hand/build.mjs --check    compares instead; exit code 1 when it differs
 *
 * Same bytes on every machine: no clock, no Math.random, and everything is rounded to a grid before it is stored.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { vertexColors } from './colors.mjs';
import { encodeSafetensors, moduleText, quantise } from './encode.mjs';
import { FRAME_FROM_RIG, flatten, toFrame } from './frame.mjs';
import { fingertips, palmVertices, wristLoop } from './landmarks.mjs';
import { neighbours, vertexNormals } from './mesh.mjs';
import { poseBasis } from './pose-basis.mjs';
import { poseCorrectives } from './correctives.mjs';
import { JOINT_LIMITS, naturalPoses } from './poses.mjs';
import { readRig } from './read-rig.mjs';
import { jointRegressor } from './regressor.mjs';
import { shapeContext, shapeDirections } from './shape.mjs';
import { apply3, row } from './vectors.mjs';
import { decodeWeights, quantiseWeights, smoothWeights } from './weights.mjs';

const POSE_SEED = 20190616;
const POSE_COUNT = 4000;
const OUTPUT = new URL('../../packages/open-hand/src/open-hand-data.generated.ts', import.meta.url);

/** Rounds to multiples of 2⁻²⁴ (6e-8): far below any use, far above the last bits in which two libms may differ. */
const grid = (array) => Float64Array.from(array, (x) => Math.round(x * 16777216) / 16777216 || 0);

/** Every array of the model in float64, before packing. */
export async function buildModel() {
  const rig = await readRig('right');
  const { faces, vertexCount } = rig;
  const adjacency = neighbours(faces, vertexCount);
  const weightSteps = quantiseWeights(smoothWeights(rig.weights, adjacency, 2));
  const weights = decodeWeights(weightSteps);
  const wrist = row(rig.joints, 0);
  const bind = {
    vertices: toFrame(rig.vertices, wrist),
    joints: toFrame(rig.joints, wrist),
    tips: toFrame(rig.tips, wrist),
    dorsals: rig.dorsals.map((n) => apply3(FRAME_FROM_RIG, n)),
    weights,
  };
  const flat = flatten(bind);
  const vertices = grid(flat.vertices);
  const frame = { bones: flat.bones, normals: flat.normals, flexionAxes: flat.flexionAxes };
  const hand = { vertices, joints: flat.joints, tips: flat.tips, weights, adjacency, faces, ...frame };
  const shape = shapeDirections(shapeContext(hand));
  const regressor = jointRegressor({ flat: { vertices, joints: flat.joints }, bind, fields: shape.fields });
  const poses = naturalPoses(POSE_COUNT, POSE_SEED, frame);
  const basis = poseBasis(poses);
  const surface = vertexNormals(vertices, faces);
  return {
    ...hand,
    vertexCount,
    bind,
    weightSteps,
    shape,
    regressor,
    poses,
    basis,
    correctives: poseCorrectives({ ...hand, poses }),
    fingertips: fingertips(hand),
    palm: palmVertices({ ...hand, normals: surface }),
    wristLoop: wristLoop(hand),
    ...vertexColors({ ...hand, vertexNormals: surface }),
    texture: rig.texture,
  };
}

function packWeights(steps, vertexCount) {
  const joints = new Uint8Array(4 * vertexCount);
  const amounts = new Uint16Array(4 * vertexCount);
  for (let v = 0; v < vertexCount; v++) {
    let k = 0;
    for (let j = 0; j < 16; j++)
      if (steps[16 * v + j] > 0) {
        joints[4 * v + k] = j;
        amounts[4 * v + k] = steps[16 * v + j];
        k++;
      }
  }
  return { joints, amounts };
}

function packRegressor(regressor, vertexCount) {
  const offsets = [0];
  const columns = [];
  const values = [];
  for (let j = 0; j < 16; j++) {
    for (let v = 0; v < vertexCount; v++) {
      const w = regressor[j * vertexCount + v];
      if (w === 0) continue;
      columns.push(v);
      values.push(w);
    }
    offsets.push(columns.length);
  }
  return { offsets, columns, values };
}

/** The safetensors bytes of a model. */
export function packModel(model) {
  const { vertexCount } = model;
  const weights = packWeights(model.weightSteps, vertexCount);
  const regressor = packRegressor(model.regressor, vertexCount);
  const shapes = model.shape.fields.map((field) => quantise(field.vertices, 32767));
  const correctives = model.correctives.map(({ vertices, values }) => ({ vertices, ...quantise(values, 32767) }));
  const interleaved = new Int16Array(vertexCount * 3 * shapes.length);
  shapes.forEach(({ steps }, k) => steps.forEach((step, i) => (interleaved[i * shapes.length + k] = step)));
  const offsets = correctives.reduce((all, c) => [...all, all[all.length - 1] + c.vertices.length], [0]);
  const tensor = (dtype, shape, data) => ({ dtype, shape, data });
  const axes = model.bones.flatMap((bone, j) => [...model.flexionAxes[j], ...model.normals[j], ...bone]);
  return encodeSafetensors(
    {
      vertices: tensor('F32', [vertexCount, 3], model.vertices),
      faces: tensor('U16', [model.faces.length / 3, 3], model.faces),
      weight_joints: tensor('U8', [vertexCount, 4], weights.joints),
      weight_steps: tensor('U16', [vertexCount, 4], weights.amounts),
      regressor_offsets: tensor('U16', [17], regressor.offsets),
      regressor_vertices: tensor('U16', [regressor.columns.length], regressor.columns),
      regressor_values: tensor('F32', [regressor.values.length], grid(regressor.values)),
      shape_steps: tensor('I16', [vertexCount, 3, shapes.length], interleaved),
      shape_scales: tensor('F32', [shapes.length], shapes.map(({ scale }) => scale)),
      corrective_offsets: tensor('U16', [16], offsets),
      corrective_vertices: tensor('U16', [offsets[15]], correctives.flatMap((c) => c.vertices)),
      corrective_steps: tensor('I16', [offsets[15], 3, 9], correctives.flatMap((c) => c.steps)),
      corrective_scales: tensor('F32', [15], correctives.map((c) => c.scale)),
      pose_components: tensor('F32', [45, 45], grid(model.basis.components.flat())),
      pose_mean: tensor('F32', [45], grid(model.basis.mean)),
      joint_axes: tensor('F32', [15, 3, 3], grid(axes)),
      joint_limits: tensor('F32', [15, 3, 2], grid(JOINT_LIMITS.flat(2).map((x) => (x * Math.PI) / 180))),
      fingertips: tensor('U16', [5], model.fingertips),
      palm: tensor('U16', [model.palm.length], model.palm),
      colors: tensor('U8', [vertexCount, 3], model.colors.map((x) => Math.round(255 * x))),
      wrist_loop: tensor('U16', [model.wristLoop.length], model.wristLoop),
      nails: tensor('U8', [vertexCount], model.nails),
      texture_vertices: tensor('U16', [model.texture.vertices.length], model.texture.vertices),
      texture_faces: tensor('U16', [model.texture.faces.length / 3, 3], model.texture.faces),
      texture_steps: tensor('U16', [model.texture.vertices.length, 2], model.texture.coordinates.map((x) => Math.round(x * 65535))),
    },
    {
      source: '@webxr-input-profiles/assets 1.0.20, dist/profiles/generic-hand/right.glb',
      licence: 'MIT, Copyright (c) 2019 Amazon',
      shape_names: model.shape.names.join(),
    },
  ); // prettier-ignore
}

/** The text of the generated module. */
export async function buildModuleText() {
  return moduleText(packModel(await buildModel()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await buildModuleText();
  if (process.argv.includes('--check')) {
    const same = text === (await readFile(OUTPUT, 'utf8'));
    console.log(same ? 'open-hand-data.generated.ts is up to date.' : 'open-hand-data.generated.ts differs.');
    process.exitCode = same ? 0 : 1;
  } else {
    await writeFile(OUTPUT, text);
    console.log(`Wrote ${fileURLToPath(OUTPUT)} (${(text.length / 1000).toFixed(0)} kB).`);
  }
}

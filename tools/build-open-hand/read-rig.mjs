/**
 * Reads one of the rigged hands of @webxr-input-profiles/assets and brings it to 16 joints and distinct vertices.
 * Joints keep WebXR's names until `foldJoints` maps them to the raw MANO order.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { NodeIO } from '@gltf-transform/core';

const require = createRequire(import.meta.url);

/** Raw MANO order: wrist, then three each of index, middle, pinky, ring, thumb. */
export const FINGERS = ['index', 'middle', 'pinky', 'ring', 'thumb'];
export const PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];
const BONES = { thumb: ['thumb-metacarpal', 'thumb-phalanx-proximal', 'thumb-phalanx-distal'] };
for (const finger of ['index', 'middle', 'ring', 'pinky'])
  BONES[finger] = ['proximal', 'intermediate', 'distal'].map((bone) => `${finger}-finger-phalanx-${bone}`);

/** The WebXR name of each of the 16 joints. */
export const JOINT_SOURCES = ['wrist', ...FINGERS.flatMap((finger) => BONES[finger])];
/** The WebXR tip joint of each finger, in the order of FINGERS. */
export const TIP_SOURCES = FINGERS.map((finger) => (finger === 'thumb' ? 'thumb-tip' : `${finger}-finger-tip`));

/** Which of the 16 joints carries the flesh of a WebXR joint: metacarpals belong to the wrist, tips to the last phalanx. */
function carrierOf(name) {
  const direct = JOINT_SOURCES.indexOf(name);
  if (direct >= 0) return direct;
  if (name.endsWith('-metacarpal')) return 0;
  const tip = TIP_SOURCES.indexOf(name);
  if (tip >= 0) return 3 * tip + 3;
  throw new Error(`read-rig: unknown joint "${name}".`);
}

export async function readRig(side) {
  const folder = require.resolve('@webxr-input-profiles/assets/package.json').replace(/package\.json$/, '');
  const bytes = await readFile(`${folder}dist/profiles/generic-hand/${side}.glb`);
  const root = (await new NodeIO().readBinary(new Uint8Array(bytes))).getRoot();
  const primitive = root.listMeshes()[0].listPrimitives()[0];
  const positions = primitive.getAttribute('POSITION').getArray();
  const jointIds = primitive.getAttribute('JOINTS_0').getArray();
  const jointWeights = primitive.getAttribute('WEIGHTS_0').getArray();
  const textureCoordinates = primitive.getAttribute('TEXCOORD_0').getArray();
  const joints = root.listSkins()[0].listJoints();
  const dorsal = (joint) => Array.from(joint.getWorldMatrix().slice(4, 7)); // WebXR: +y of a joint points out of its back
  const byName = Object.fromEntries(joints.map((joint) => [joint.getName(), joint]));
  const place = Object.fromEntries(joints.map((joint) => [joint.getName(), joint.getWorldTranslation()]));

  const distinct = new Map();
  const vertexOf = [];
  const vertices = [];
  const weights = [];
  for (let i = 0; i < positions.length / 3; i++) {
    const position = Array.from(positions.subarray(3 * i, 3 * i + 3));
    const key = position.join();
    if (!distinct.has(key)) {
      distinct.set(key, distinct.size);
      vertices.push(...position);
      const line = new Array(16).fill(0);
      for (let k = 0; k < 4; k++)
        if (jointWeights[4 * i + k] > 0)
          line[carrierOf(joints[jointIds[4 * i + k]].getName())] += jointWeights[4 * i + k];
      weights.push(...line);
    }
    vertexOf.push(distinct.get(key));
  }
  return {
    vertexCount: distinct.size,
    vertices: Float64Array.from(vertices),
    faces: Uint32Array.from(primitive.getIndices().getArray(), (i) => vertexOf[i]),
    weights: Float64Array.from(weights),
    joints: Float64Array.from(JOINT_SOURCES.flatMap((name) => place[name])),
    dorsals: JOINT_SOURCES.slice(1).map((name) => dorsal(byName[name])),
    tips: Float64Array.from(TIP_SOURCES.flatMap((name) => place[name])),
    texture: {
      vertices: vertexOf,
      faces: Uint32Array.from(primitive.getIndices().getArray()),
      coordinates: Float64Array.from(textureCoordinates),
    },
  };
}

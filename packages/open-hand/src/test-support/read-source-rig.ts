import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The rigged hand as its file has it: distinct vertices in the order of their first use, and the named joints. */
export interface SourceRig {
  readonly vertices: readonly (readonly number[])[];
  readonly joints: ReadonlyMap<string, readonly number[]>;
}

interface GltfFile {
  readonly accessors: readonly { bufferView: number; byteOffset?: number; count: number }[];
  readonly bufferViews: readonly { byteOffset?: number; byteStride?: number }[];
  readonly meshes: readonly { primitives: readonly { attributes: { POSITION: number } }[] }[];
  readonly nodes: readonly { name?: string; translation?: number[]; children?: number[]; mesh?: number }[];
}

function sourceFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'node_modules/@webxr-input-profiles/assets/dist/profiles/generic-hand');
    if (existsSync(found)) return found;
  }
  throw new Error('@webxr-input-profiles/assets is not installed.');
}

/** Reads a binary glTF with no library: the tests' own way to the source's numbers. Its joints all hang on one unmoved node. */
export function readSourceRig(side: 'left' | 'right'): SourceRig {
  const file = readFileSync(join(sourceFolder(), `${side}.glb`));
  const jsonLength = file.readUInt32LE(12);
  const gltf = JSON.parse(file.toString('utf8', 20, 20 + jsonLength)) as GltfFile;
  const binary = 20 + jsonLength + 8;
  const accessor = gltf.accessors[gltf.meshes[0]!.primitives[0]!.attributes.POSITION]!;
  const view = gltf.bufferViews[accessor.bufferView]!;
  const start = binary + (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
  const distinct = new Map<string, number[]>();
  for (let i = 0; i < accessor.count; i++) {
    const point = [0, 4, 8].map((k) => file.readFloatLE(start + i * (view.byteStride ?? 12) + k));
    distinct.set(point.join(), distinct.get(point.join()) ?? point);
  }
  const joints = gltf.nodes.filter((node) => node.name !== undefined && node.translation !== undefined);
  return { vertices: [...distinct.values()], joints: new Map(joints.map((node) => [node.name!, node.translation!])) };
}

const finger = (name: string) => ['proximal', 'intermediate', 'distal'].map((bone) => `${name}-finger-phalanx-${bone}`);

/** The source's names of the 16 joints in the raw MANO order. */
export const SOURCE_JOINTS = [
  'wrist',
  ...finger('index'),
  ...finger('middle'),
  ...finger('pinky'),
  ...finger('ring'),
  'thumb-metacarpal',
  'thumb-phalanx-proximal',
  'thumb-phalanx-distal',
];
/** The source's names of the fingertips, in the same order of fingers. */
export const SOURCE_TIPS = [
  'index-finger-tip',
  'middle-finger-tip',
  'pinky-finger-tip',
  'ring-finger-tip',
  'thumb-tip',
];

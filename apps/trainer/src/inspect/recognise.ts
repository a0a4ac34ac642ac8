import { isPlainArray } from '@opposable/array-files';
import { leftShapeBug } from '@opposable/mano-layer/conventions';
import { loadManoModel } from '@opposable/mano-layer/files';
import { OpposableError } from '@opposable/tensor-checks';
import type { Input } from './read-input.js';

type Fields = Readonly<Record<string, unknown>>;

/** Bodies and hands by their numbers of vertices and joints. */
const MODELS: readonly (readonly [name: string, vertices: number, joints: number])[] = [
  ['MANO', 778, 16],
  ['SMPL', 6890, 24],
  ['SMPL-H', 6890, 52],
  ['SMPL-X', 10475, 55],
  ['FLAME', 5023, 5],
];

/** Blocks of the four stages of a ResNet, and whether they have three convolutions. */
const RESNETS: Readonly<Record<string, string>> = {
  '2,2,2,2': 'ResNet-18',
  '3,4,6,3': 'ResNet-34',
  '3,4,6,3,bottleneck': 'ResNet-50',
  '3,4,23,3,bottleneck': 'ResNet-101',
  '3,8,36,3,bottleneck': 'ResNet-152',
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainArray(value);

function shapeOf(value: unknown): readonly number[] | undefined {
  const shape = (value as { readonly shape?: unknown } | null | undefined)?.shape;
  return Array.isArray(shape) ? (shape as number[]) : undefined;
}

function holds(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text, 0, 'latin1');
}

const count = (number: number | undefined, what: string): string =>
  number === undefined ? `no ${what}` : `${number} ${what}`;

const isSideUnclear = (cause: unknown): boolean =>
  cause instanceof OpposableError && /options\.side/.test(cause.message);

/** A hand as loadManoModel sees it: side and the state of the left hand's shape directions, or what is wrong. */
async function handFacts(bytes: Uint8Array): Promise<{ side?: string; facts: string[] }> {
  const options = { leftShapeFix: 'off' } as const;
  try {
    const model = await loadManoModel(bytes, options);
    const canHaveBug = model.side === 'left' && model.topology === 'mano';
    return { side: model.side, facts: canHaveBug ? [`left-hand bug ${leftShapeBug(model)}`] : [] };
  } catch (cause) {
    if (!(cause instanceof OpposableError)) throw cause;
    if (isSideUnclear(cause)) {
      const again = await loadManoModel(bytes, { ...options, side: 'right' }).catch((error: unknown) => error);
      if (!(again instanceof Error)) return { facts: ['left or right is unclear'] };
    }
    return { facts: [`but loadManoModel refuses it: ${cause.message.replace(/^\w+: /, '').replace(/\.$/, '')}`] };
  }
}

async function parametricModel({ format, bytes, metadata }: Input, fields: Fields): Promise<string | undefined> {
  const [vertices] = shapeOf(fields['v_template']) ?? [];
  const shapes = shapeOf(fields['shapedirs']);
  if (vertices === undefined || shapes === undefined || fields['weights'] === undefined) return undefined;
  const joints = shapeOf(fields['weights'])?.[1];
  const named = MODELS.find(([, v, j]) => v === vertices && j === joints)?.[0];
  const isHand = joints === 16 && fields['hands_components'] !== undefined;
  const topology = metadata['topology'];
  const name = named ?? topology ?? (isHand ? 'a hand with the fields of MANO' : 'a model of the SMPL family');
  const { side, facts } = isHand ? await handFacts(bytes) : { facts: [] };
  return [
    side === undefined ? name : `${name} ${side}`,
    count(vertices, 'vertices'),
    count(joints, 'joints'),
    count(shapes.at(-1), 'shape directions'),
    ...(format === 'pickle' && holds(bytes, 'chumpy') ? ['chumpy shapedirs'] : []),
    ...facts,
  ].join(', ');
}

/** The tensors of a network by their names without the prefixes that trainers add. */
function networkTensors(fields: Fields): Map<string, readonly number[]> {
  const inner = ['state_dict', 'model_state_dict', 'model', 'network'].map((key) => fields[key]).find(isFields);
  const tensors = new Map<string, readonly number[]>();
  for (const [name, value] of Object.entries(inner ?? fields)) {
    const shape = shapeOf(value);
    if (shape !== undefined) tensors.set(name.replace(/^module\./, ''), shape);
  }
  return tensors;
}

function resnet(names: readonly string[]): string | undefined {
  const blocks = [1, 2, 3, 4].map((stage) => {
    const numbers = names.map((name) => new RegExp(`(?:^|\\.)layer${stage}\\.(\\d+)\\.`).exec(name)?.[1]);
    return new Set(numbers.filter((number) => number !== undefined)).size;
  });
  const isBottleneck = names.some((name) => /(?:^|\.)layer1\.0\.conv3\./.test(name));
  return RESNETS[[...blocks, ...(isBottleneck ? ['bottleneck'] : [])].join()];
}

function network({ format }: Input, fields: Fields): string | undefined {
  const tensors = networkTensors(fields);
  const names = [...tensors.keys()];
  const isNetwork = names.some((name) => /(^|[./])(weight|kernel)$/.test(name));
  if (!isNetwork) return undefined;
  const parameters = [...tensors.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const kind = names.some((name) => /\/(kernel|depthwise_kernel)$/.test(name))
    ? 'weights of an opposable or Keras network'
    : format === 'torch'
      ? 'a PyTorch state dict'
      : 'weights of a PyTorch network';
  const known = resnet(names);
  return `${known === undefined ? kind : `${kind} of ${known}`}, ${tensors.size} tensors, ${parameters} numbers`;
}

/** FreiHAND keeps each kind of annotation in a list of its own. */
const FREIHAND: Readonly<Record<string, string>> = {
  '3,3': 'camera matrices',
  '1,61': 'MANO parameters',
  '21,3': 'keypoints',
  '778,3': 'vertices',
  '': 'scales',
};

function json(contents: unknown): string | undefined {
  const shape = isPlainArray(contents) ? contents.shape : undefined;
  const lists = Array.isArray(contents) ? contents : [];
  const records = shape === undefined ? lists.length : shape[0]!;
  const record = shape?.slice(1) ?? shapeOf(lists[0]);
  const kind = record === undefined ? undefined : FREIHAND[record.join()];
  if (kind !== undefined && records >= 1) return `${kind} in the layout of FreiHAND, ${records} records`;
  if (!isFields(contents)) return undefined;
  const { images, annotations, categories } = contents;
  if (Array.isArray(images) && Array.isArray(annotations)) {
    const keypoints = Array.isArray(categories) ? 'COCO annotations' : 'annotations in the layout of COCO';
    return `${keypoints}, ${images.length} images, ${annotations.length} annotations`;
  }
  const [first] = Object.values(contents);
  if (isFields(first) && first['campos'] !== undefined && first['camrot'] !== undefined) {
    return `cameras in the layout of InterHand2.6M, ${Object.keys(contents).length} captures`;
  }
  if (contents['hand_pts'] !== undefined) return 'a hand of CMU hand_labels';
  if (contents['format'] === 'opposable-prepared-hands')
    return `a prepared dataset, keypoint order ${String(contents['keypoint_order'])}`;
  return undefined;
}

/**
 * What a file looks like, in one phrase: a hand or body model, weights of a network, annotations of a dataset.
 *
 * @returns undefined where it is nothing that is known
 */
export async function recognise(input: Input): Promise<string | undefined> {
  const { contents } = input;
  if (input.format === 'json') return json(contents);
  if (!isFields(contents)) return undefined;
  const handPara = shapeOf(contents['handPara']);
  if (handPara?.[0] === 3 && handPara[1] === 21) return `labels of STB, ${handPara[2] ?? 1} frames, millimetres`;
  return (await parametricModel(input, contents)) ?? network(input, contents);
}

import { type Bytes, isPlainArray, readArrays } from '@opposable/array-files';
import { ManoModelError } from '@opposable/tensor-checks';
import { negateShapeX, withLeftShape } from '../conventions/left-shape-bug.js';
import { recogniseSide } from '../conventions/recognise-side.js';
import { validateManoModel } from '../conventions/validate-mano-model.js';
import type { ManoModel, Side } from '../types.js';
import { denseField } from './dense-field.js';
import {
  MANO_FIELDS,
  manoModelFromArrays,
  type ManoModelOptions,
  type ModelArray,
  OPTIONAL_MANO_FIELDS,
} from './mano-model-from-arrays.js';

/** Side (where neither the file nor the hand's geometry says it), topology, landmarks, and the left hand's fix. */
export interface LoadManoModelOptions extends Partial<ManoModelOptions> {
  /**
   * MANO_LEFT as distributed has shape directions whose x is not mirrored. 'auto': x is negated where `leftShapeBug` finds
   * that; 'on': x is negated; 'off': the numbers stay, for annotations that were made so. Right hands and other meshes than
   * MANO's ('auto') stay as they are. Default 'auto'.
   */
  readonly leftShapeFix?: 'auto' | 'on' | 'off' | undefined;
}

interface Contents {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const isFields = (contents: unknown): contents is Contents['fields'] =>
  typeof contents === 'object' &&
  contents !== null &&
  [null, Object.prototype].includes(Object.getPrototypeOf(contents) as object | null) &&
  !isPlainArray(contents);

async function readContents(bytes: Bytes): Promise<Contents> {
  const file = await readArrays(bytes);
  if (!isFields(file.contents)) {
    throw new ManoModelError(
      `loadManoModel: expected the ${file.format} file to hold fields by name, got another value.`,
      { expected: Object.keys(MANO_FIELDS), actual: file.format },
    );
  }
  return { fields: file.contents, metadata: file.format === 'safetensors' ? file.metadata : {} };
}

/** The fields of a model among whatever else the file holds, dense. */
function modelArrays(fields: Contents['fields']): Record<string, ModelArray> {
  const names = [...Object.keys(MANO_FIELDS), ...Object.keys(OPTIONAL_MANO_FIELDS)];
  const present = names.filter((name) => Object.hasOwn(fields, name));
  return Object.fromEntries(present.map((name) => [name, denseField(name, fields[name])]));
}

function decideSide(model: ManoModel, stated: string | undefined): Side {
  const recognised = recogniseSide(model);
  const side = stated ?? recognised;
  if (side !== 'left' && side !== 'right') {
    throw new ManoModelError(
      `loadManoModel: expected options.side to be left or right, got ${side ?? 'none'} ` +
        '(neither the file nor the shape of the hand says it).',
      { expected: ['left', 'right'] satisfies Side[], actual: side },
    );
  }
  if (recognised !== undefined && recognised !== side) {
    throw new ManoModelError(
      `loadManoModel: expected a ${side} hand, got a ${recognised} hand by its shape; leave side out or load the other file.`,
      { expected: side, actual: recognised },
    );
  }
  return side;
}

function fixLeftShape(model: ManoModel, fix: NonNullable<LoadManoModelOptions['leftShapeFix']>): ManoModel {
  if (!['auto', 'on', 'off'].includes(fix)) {
    throw new ManoModelError(`loadManoModel: expected leftShapeFix to be auto, on or off, got ${String(fix)}.`, {
      expected: ['auto', 'on', 'off'],
      actual: fix,
    });
  }
  if (fix === 'off' || model.side !== 'left') return model;
  return fix === 'on' ? negateShapeX(model) : withLeftShape(model, 'fixed', 'loadManoModel');
}

async function modelOf(source: Bytes | ManoModel, options: LoadManoModelOptions): Promise<ManoModel> {
  const { side, topology, landmarks } = options;
  if (!(source instanceof Uint8Array) && !(source instanceof ArrayBuffer)) {
    const model = landmarks === undefined ? source : { ...source, landmarks };
    decideSide(validateManoModel(model), side ?? model.side);
    return model;
  }
  const { fields, metadata } = await readContents(source);
  const model = manoModelFromArrays(modelArrays(fields), {
    side: 'right',
    topology: topology ?? metadata['topology'],
    landmarks,
  });
  const decided = decideSide(model, side ?? metadata['side']);
  return model.side === decided ? model : { ...model, side: decided };
}

/**
 * A hand model: MANO_RIGHT.pkl and MANO_LEFT.pkl as distributed, the same without chumpy, .npz, .safetensors, told apart
 * by the bytes; or a model at hand, such as `loadOpenHand(…)`, which is checked and given back. Pickles are read without
 * running anything in them.
 *
 * Field names are those of MANO's files, see `manoModelFromArrays`; other fields are ignored. The side comes from
 * `options`, from the metadata of a safetensors file (as `topology` does), or from the hand's geometry, which must agree.
 * To read from a path, see `@opposable/mano-layer/node`.
 *
 * @param source the whole file, or a model
 * @param options side, topology, landmarks, and what to do about the shape directions of MANO's left hand
 * @returns a checked model
 * @throws FileFormatError if the bytes are none of these formats or malformed; ManoModelError if a field is missing or
 *   wrong, or if nothing says which side it is
 */
export async function loadManoModel(source: Bytes | ManoModel, options: LoadManoModelOptions = {}): Promise<ManoModel> {
  return fixLeftShape(await modelOf(source, options), options.leftShapeFix ?? 'auto');
}

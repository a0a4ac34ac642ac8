import { OPEN_HAND_BASE64, OPEN_HAND_BYTES } from './open-hand-data.generated.js';
import { decodeBase64 } from './decode-base64.js';

/** The typed arrays of the asset by name; what each holds is described in tools/build-open-hand/README.md. */
export interface OpenHandAsset {
  readonly vertices: Float32Array;
  readonly faces: Uint16Array;
  readonly weightJoints: Uint8Array;
  readonly weightSteps: Uint16Array;
  readonly regressorOffsets: Uint16Array;
  readonly regressorVertices: Uint16Array;
  readonly regressorValues: Float32Array;
  readonly shapeSteps: Int16Array;
  readonly shapeScales: Float32Array;
  readonly correctiveOffsets: Uint16Array;
  readonly correctiveVertices: Uint16Array;
  readonly correctiveSteps: Int16Array;
  readonly correctiveScales: Float32Array;
  readonly poseComponents: Float32Array;
  readonly poseMean: Float32Array;
  readonly jointAxes: Float32Array;
  readonly jointLimits: Float32Array;
  readonly fingertips: Uint16Array;
  readonly palm: Uint16Array;
  readonly colors: Uint8Array;
  readonly wristLoop: Uint16Array;
  readonly nails: Uint8Array;
  readonly textureVertices: Uint16Array;
  readonly textureFaces: Uint16Array;
  readonly textureSteps: Uint16Array;
}

type Constructor = new (buffer: ArrayBuffer, offset: number, length: number) => OpenHandAsset[keyof OpenHandAsset];
const CONSTRUCTORS: Readonly<Record<string, Constructor & { readonly BYTES_PER_ELEMENT: number }>> = {
  F32: Float32Array,
  I16: Int16Array,
  U16: Uint16Array,
  U8: Uint8Array,
};

let asset: OpenHandAsset | undefined;

/**
 * The embedded safetensors file, decoded once. It is this package's own constant, written and tested by the build, so
 * it is read without the checks that a file from outside needs.
 */
export function readAsset(): OpenHandAsset {
  if (asset !== undefined) return asset;
  const bytes = decodeBase64(OPEN_HAND_BASE64, OPEN_HAND_BYTES);
  const buffer = bytes.buffer as ArrayBuffer;
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(String.fromCharCode(...bytes.subarray(8, 8 + headerLength))) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  const arrays: Record<string, OpenHandAsset[keyof OpenHandAsset]> = {};
  for (const [name, { dtype, data_offsets: range }] of Object.entries(header)) {
    const constructor = CONSTRUCTORS[dtype];
    if (constructor === undefined) continue; // __metadata__
    const key = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const [start, end] = range;
    arrays[key] = new constructor(buffer, 8 + headerLength + start, (end - start) / constructor.BYTES_PER_ELEMENT);
  }
  asset = arrays as unknown as OpenHandAsset;
  return asset;
}

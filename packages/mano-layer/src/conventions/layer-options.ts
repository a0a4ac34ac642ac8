import type { Rotation6dLayout } from '@opposable/geometry/host';
import { type JointName, keypointOrder, type KeypointOrderLike } from '@opposable/keypoint-order';
import { ConfigError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';
import { type FingertipChoice, fingertipVertices, palmVertices } from './fingertips.js';
import { jointSource, keypointSources, PALM_SOURCE } from './keypoint-sources.js';
import { assertManoTopology } from './mano-topology.js';
import { type ManoConventionLike, manoConvention } from './mano-annotation.js';
import { conventionLayerOptions, MANO_CONVENTIONS } from './presets.js';
import { HAND_POSE_COUNT } from './validate-mano-model.js';

/** How the pose of the 15 finger joints is given; the global orientation is given alike ('pca': as axis-angle). */
export type PoseRepresentation = 'pca' | 'axis-angle' | 'matrix' | '6d' | 'quaternion';

/** Where the origin of the output is: nowhere in particular, or at a joint (names of `@opposable/keypoint-order`). */
export type Center = 'none' | JointName;

/** What a layer may be told beside its mean pose or convention. */
export interface ManoLayerChoices {
  /** Default 'pca'. */
  readonly poseRepresentation?: PoseRepresentation | undefined;
  /**
   * How many pose coefficients are taken with 'pca': 1 to the model's number of components (45). 45 means 45
   * coefficients, never "PCA off". Default 6.
   */
  readonly numPcaComponents?: number | undefined;
  /** Layout of the six numbers; required with '6d'. */
  readonly rotation6dLayout?: Rotation6dLayout | undefined;
  /** Vertices that stand for the fingertips; default the model's landmarks. See `FINGERTIP_SETS`. */
  readonly fingertips?: FingertipChoice | undefined;
  /** Order of the 21 keypoints, by name or alias; 'mano-raw' is the 16 joints and five tips. Default 'panoptic'. */
  readonly keypointOrder?: KeypointOrderLike | undefined;
  /**
   * The only vertices that are computed and given, in this sequence; normals then are not available. Default all.
   */
  readonly vertexIds?: readonly number[] | undefined;
  /** Unit of every output. The input `transl` is always in metres. Default 'm'. */
  readonly units?: 'm' | 'mm' | undefined;
  /** Joint that is moved to the origin before `transl` is added. Default 'none'. */
  readonly center?: Center | undefined;
  /**
   * What globalOrient turns the hand about: the wrist's rest joint, or, as in 3dhand, the coordinate origin after a fixed
   * turn by (π, 0, 0) about the wrist (with 'pca' and 'axis-angle' only). Default 'wrist'.
   */
  readonly orientAbout?: 'wrist' | 'origin' | undefined;
  /**
   * Sign of x in the shape directions of MANO's left hand: 'on', mirrored like its template; 'off', as in MANO_LEFT as
   * distributed, which some annotations were made with. Whichever sign the model has is recognised. Default: the model as
   * it is.
   */
  readonly leftShapeFix?: 'on' | 'off' | undefined;
}

/** `flatHandMean` must be given, or come from a convention. Whatever is given beside a convention wins over it. */
export type ManoLayerOptions = ManoLayerChoices &
  (
    | {
        /**
         * true: a zero pose is the flat hand. false: the model's mean pose is added to every pose. There is no default,
         * because libraries differ (manopth: true, smplx: false). Rotations given as 'matrix', '6d' or 'quaternion' are
         * absolute: nothing can be added to them, so true is required there.
         */
        readonly flatHandMean: boolean;
        readonly convention?: undefined;
      }
    | {
        readonly flatHandMean?: boolean | undefined;
        /** A library's or dataset's convention by name, or one made from `MANO_CONVENTIONS`; for MANO's mesh only. */
        readonly convention: ManoConventionLike;
      }
  );

type AllLayerOptions = ManoLayerChoices & {
  readonly flatHandMean?: boolean | undefined;
  readonly convention?: ManoConventionLike | undefined;
};

/** Every option decided, and the vertex ids and places that follow. */
export interface ResolvedLayerOptions {
  readonly flatHandMean: boolean;
  readonly poseRepresentation: PoseRepresentation;
  /** Number of pose coefficients; 0 where the pose is not given by coefficients. */
  readonly numPcaComponents: number;
  readonly rotation6dLayout: Rotation6dLayout | undefined;
  /** Five vertex ids: thumb, index, middle, ring, pinky. */
  readonly fingertips: readonly number[];
  /** Vertices whose mean is the palm centre; empty where nothing needs it. */
  readonly palm: readonly number[];
  /** The vertices that are given; undefined for all. */
  readonly vertexIds: readonly number[] | undefined;
  /** Canonical name of the order. */
  readonly keypointOrder: string;
  /** [21] source of each keypoint, see `keypointSources`. */
  readonly keypointSources: readonly number[];
  readonly units: 'm' | 'mm';
  readonly center: Center;
  /** Source of the centre, undefined for 'none'. */
  readonly centerSource: number | undefined;
  readonly orientAbout: 'wrist' | 'origin';
  /** undefined: the model's shape directions as they are. */
  readonly leftShapeFix: 'on' | 'off' | undefined;
  /** Name of the convention that the options come from. */
  readonly convention: string | undefined;
}

const REPRESENTATIONS: readonly PoseRepresentation[] = ['pca', 'axis-angle', 'matrix', '6d', 'quaternion'];
const KNOWN_OPTIONS: readonly (keyof AllLayerOptions)[] = [
  'convention',
  'flatHandMean',
  'poseRepresentation',
  'numPcaComponents',
  'rotation6dLayout',
  'fingertips',
  'keypointOrder',
  'vertexIds',
  'units',
  'center',
  'orientAbout',
  'leftShapeFix',
];

function fail(message: string, expected?: unknown, actual?: unknown): never {
  throw new ConfigError(`ManoLayer: ${message}`, { expected, actual });
}

function oneOf<T>(value: T, accepted: readonly T[], name: string): T {
  if (!accepted.includes(value)) {
    fail(`expected ${name} to be one of ${accepted.join(', ')}, got ${String(value)}.`, accepted, value);
  }
  return value;
}

function resolvePcaCount(model: ManoModel, options: ManoLayerChoices, representation: PoseRepresentation): number {
  const { numPcaComponents } = options;
  if (representation !== 'pca') {
    if (numPcaComponents !== undefined) {
      fail(
        `expected numPcaComponents only with the pose representation 'pca', got it with '${representation}'.`,
        'pca',
      );
    }
    return 0;
  }
  const most = model.handsComponents.length / HAND_POSE_COUNT;
  const count = numPcaComponents ?? Math.min(6, most);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    fail(`expected numPcaComponents to be an integer from 1 to ${most}, got ${count}.`, [1, most], count);
  }
  return count;
}

function checkVertexIds({ vertexCount }: ManoModel, ids: readonly number[] | undefined): void {
  if (ids === undefined) return;
  const isList: boolean = Array.isArray(ids);
  if (!isList || ids.length === 0) {
    fail(`expected vertexIds to be a list of vertices, got ${JSON.stringify(ids)}.`, 'at least one vertex', ids);
  }
  const bad = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vertexCount);
  if (bad !== undefined) {
    fail(`expected vertexIds to name vertices 0 to ${vertexCount - 1}, got ${String(bad)}.`, vertexCount - 1, bad);
  }
}

/** The given options on top of those of the convention, if there is one. */
function withConvention(model: ManoModel, options: AllLayerOptions): AllLayerOptions {
  const { convention: choice, ...given } = options;
  if (choice === undefined) return given;
  const convention = manoConvention(choice);
  assertManoTopology(model, 'ManoLayer', `the convention '${convention.name}'`);
  const { orientAbout, leftShapeFix } = convention;
  const preset: AllLayerOptions = { ...conventionLayerOptions(convention), orientAbout, leftShapeFix };
  const { poseRepresentation } = given;
  const isOther = poseRepresentation !== undefined && poseRepresentation !== preset.poseRepresentation;
  const defaults = isOther ? { ...preset, numPcaComponents: undefined } : preset;
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(chosen) };
}

/**
 * Checks the options of a layer against its model and decides what was left open.
 *
 * @throws ConfigError for an unknown option, a value that is not accepted, options that exclude each other, or MANO's
 *   vertex ids or conventions on another mesh; KeypointOrderError for an unknown keypoint order
 */
export function resolveLayerOptions(model: ManoModel, choices: ManoLayerOptions): ResolvedLayerOptions {
  const unknown = Object.keys(choices ?? {}).find((key) => !(KNOWN_OPTIONS as readonly string[]).includes(key));
  if (unknown !== undefined) fail(`expected options ${KNOWN_OPTIONS.join(', ')}, got '${unknown}'.`, KNOWN_OPTIONS);
  const options = withConvention(model, choices ?? {});
  const { flatHandMean } = options;
  if (typeof flatHandMean !== 'boolean') {
    fail(
      'expected flatHandMean to be given: true if a zero pose is the flat hand, false to add the mean pose ' +
        `(or a convention that says it: ${Object.keys(MANO_CONVENTIONS).join(', ')}).`,
      [true, false],
      flatHandMean,
    );
  }
  const representation = oneOf(options.poseRepresentation ?? 'pca', REPRESENTATIONS, 'poseRepresentation');
  if (!flatHandMean && representation !== 'pca' && representation !== 'axis-angle') {
    fail(
      `expected flatHandMean true with the pose representation '${representation}': ` +
        'its rotations are absolute, the mean pose can only be added to axis-angle numbers or coefficients.',
      true,
      false,
    );
  }
  const sixNumbers = representation === '6d';
  if (sixNumbers !== (options.rotation6dLayout !== undefined)) {
    fail(
      sixNumbers
        ? "expected rotation6dLayout to be given with '6d': columns, interleaved or rows."
        : `expected rotation6dLayout only with the pose representation '6d', got it with '${representation}'.`,
      ['columns', 'interleaved', 'rows'],
      options.rotation6dLayout,
    );
  }
  if (sixNumbers) oneOf(options.rotation6dLayout, ['columns', 'interleaved', 'rows'], 'rotation6dLayout');
  const order = keypointOrder(options.keypointOrder ?? 'panoptic');
  const sources = keypointSources(order);
  const center = options.center ?? 'none';
  const centers: readonly Center[] = ['none', 'palm', ...keypointOrder('mano-raw').joints];
  const centerSource = oneOf(center, centers, 'center') === 'none' ? undefined : jointSource(center as JointName);
  const orientAbout = oneOf(options.orientAbout ?? 'wrist', ['wrist', 'origin'] as const, 'orientAbout');
  if (orientAbout === 'origin' && representation !== 'pca' && representation !== 'axis-angle') {
    fail(
      `expected orientAbout 'wrist' with the pose representation '${representation}', got 'origin'; ` +
        'give the rotation about the origin as worldRotation.',
      'wrist',
      orientAbout,
    );
  }
  if (options.leftShapeFix !== undefined) oneOf(options.leftShapeFix, ['on', 'off'], 'leftShapeFix');
  checkVertexIds(model, options.vertexIds);
  const needsPalm = sources.includes(PALM_SOURCE) || centerSource === PALM_SOURCE;
  return {
    flatHandMean,
    poseRepresentation: representation,
    numPcaComponents: resolvePcaCount(model, options, representation),
    rotation6dLayout: options.rotation6dLayout,
    fingertips: fingertipVertices(model, options.fingertips),
    palm: needsPalm ? palmVertices(model) : [],
    vertexIds: options.vertexIds,
    keypointOrder: order.name,
    keypointSources: sources,
    units: oneOf(options.units ?? 'm', ['m', 'mm'] as const, 'units'),
    center,
    centerSource,
    orientAbout,
    leftShapeFix: options.leftShapeFix,
    convention: typeof choices.convention === 'object' ? choices.convention.name : choices.convention,
  };
}

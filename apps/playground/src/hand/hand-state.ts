import { MANO_CONVENTIONS, type ManoConventionName, type Side } from '@opposable/mano-layer/conventions';
import { KEYPOINT_ORDERS, type KeypointOrderName } from '@opposable/keypoint-order';
import type { Rng } from '@opposable/tensor-checks';

export const SURFACES = { skin: 'Skin', parts: 'Parts', weights: 'Weights', wireframe: 'Wire' } as const;
export type Surface = keyof typeof SURFACES;

export const POSE_NUMBERS = 45;
export const MOST_SHAPES = 16;

/** Everything that the hand view shows, apart from a model that the user brought. */
export interface HandState {
  side: Side;
  convention: ManoConventionName;
  /** Shape coefficients; those beyond the model's are not used. */
  betas: number[];
  /** [45] pose coefficients; those beyond the convention's are not used. */
  coefficients: number[];
  /** [45] radians: three angles of joints 1–15, added to the pose of the coefficients. */
  angles: number[];
  /** [3] axis-angle about the wrist, radians. */
  orient: number[];
  order: KeypointOrderName;
  surface: Surface;
  /** Joint whose skinning weights are shown. */
  weightsOf: number;
  skeleton: boolean;
  numbers: boolean;
  vertexIds: boolean;
}

const zeros = (length: number): number[] => new Array<number>(length).fill(0);

export function defaultHandState(): HandState {
  return {
    side: 'right',
    convention: 'smplx',
    betas: zeros(MOST_SHAPES),
    coefficients: zeros(POSE_NUMBERS),
    angles: zeros(POSE_NUMBERS),
    orient: zeros(3),
    order: 'panoptic',
    surface: 'skin',
    weightsOf: 4,
    skeleton: false,
    numbers: false,
    vertexIds: false,
  };
}

/** A hand whose first coefficients of shape and pose are drawn from normal distributions, cut at two deviations. */
export function randomHandState(state: HandState, shapeCount: number, rng: Rng): HandState {
  const bounded = (deviation: number): number => Math.max(-2, Math.min(2, rng.normal(0, deviation)));
  return {
    ...state,
    betas: state.betas.map((_, i) => (i < shapeCount ? bounded(1) : 0)),
    coefficients: state.coefficients.map((_, i) => (i < 6 ? bounded(0.9) : 0)),
    angles: zeros(POSE_NUMBERS),
  };
}

const LISTS = ['betas', 'coefficients', 'angles', 'orient'] as const;
export type NumberList = (typeof LISTS)[number];
const FLAGS = ['skeleton', 'numbers', 'vertexIds'] as const;
export type HandFlag = (typeof FLAGS)[number];
const ACCEPTED = {
  side: ['right', 'left'],
  convention: Object.keys(MANO_CONVENTIONS),
  order: Object.keys(KEYPOINT_ORDERS),
  surface: Object.keys(SURFACES),
} as const;
const NAMES = Object.keys(ACCEPTED) as (keyof typeof ACCEPTED)[];
const LARGEST = 10;

/** The state as the query of a link: only what differs from the default, zeros at the ends left out. */
export function encodeHandState(state: HandState): string {
  const plain = defaultHandState();
  const query = new URLSearchParams();
  for (const name of NAMES) if (state[name] !== plain[name]) query.set(name, state[name]);
  for (const name of LISTS) {
    const last = state[name].findLastIndex((value) => value !== 0);
    const used = state[name].slice(0, last + 1).map((value) => Number(value.toFixed(4)));
    if (last >= 0) query.set(name, used.join(' '));
  }
  if (state.weightsOf !== plain.weightsOf) query.set('weightsOf', String(state.weightsOf));
  for (const name of FLAGS) if (state[name]) query.set(name, '1');
  return query.toString();
}

/**
 * The state of a link. Anybody can write a link: what is not accepted stays at its default and is named.
 *
 * @returns the state, and a sentence for each part that was refused
 */
export function decodeHandState(text: string): { readonly state: HandState; readonly refused: readonly string[] } {
  const state = defaultHandState();
  const refused: string[] = [];
  const known: readonly string[] = [...NAMES, ...LISTS, ...FLAGS, 'weightsOf'];
  for (const [name, value] of new URLSearchParams(text)) {
    const numbers = value.split(' ').map(Number);
    const isList = (LISTS as readonly string[]).includes(name);
    if (isList) {
      const list = state[name as NumberList];
      const fit = numbers.length <= list.length && numbers.every((n) => Math.abs(n) <= LARGEST);
      if (fit) numbers.forEach((n, i) => (list[i] = n));
      else refused.push(`The link's ${name} should be at most ${list.length} numbers between −10 and 10.`);
    } else if (Object.hasOwn(ACCEPTED, name)) {
      const accepted: readonly string[] = ACCEPTED[name as keyof typeof ACCEPTED];
      if (accepted.includes(value)) Object.assign(state, { [name]: value });
      else refused.push(`The link's ${name} should be one of ${accepted.join(', ')}, got ${value.slice(0, 40)}.`);
    } else if ((FLAGS as readonly string[]).includes(name)) Object.assign(state, { [name]: value === '1' });
    else if (name === 'weightsOf' && Number.isInteger(numbers[0]) && numbers[0]! >= 0 && numbers[0]! < 16)
      state.weightsOf = numbers[0]!;
    else refused.push(`The link should have ${known.join(', ')} only, got ${name.slice(0, 40)}.`);
  }
  return { state, refused };
}

import { anatomicalName, FINGER_NAMES, fingerOf, names } from '@opposable/keypoint-order';
import { OPEN_HAND_SHAPE_DIRECTIONS, openHandJointFrames } from '@opposable/open-hand';
import { element, section } from '../dom.js';
import type { HandState, NumberList } from './hand-state.js';
import type { HandWishes } from './hand-wishes.js';
import { coefficientCount, type HandSource } from './posed-hand.js';
import { slider } from './slider.js';

const DEGREES = 180 / Math.PI;
const JOINTS = names('mano-raw').slice(0, 16);
const ANATOMICAL = ['flex', 'swing', 'twist'];
const AXES = ['x', 'y', 'z'];

/** Where a slider's number goes. */
type SetNumber = Pick<HandWishes, 'setNumber'>;

const inDegrees = (
  list: NumberList,
  i: number,
  label: string,
  range: readonly [number, number],
  state: HandState,
  wishes: SetNumber,
): HTMLElement =>
  // prettier-ignore
  slider({
    label,
    from: Math.round(range[0]),
    to: Math.round(range[1]),
    step: 1,
    unit: '°',
    value: state[list][i]! * DEGREES,
    change: (value) => wishes.setNumber(list, i, value / DEGREES),
  }).root;

/** Sliders of the shape coefficients; those of the open hand have names. */
export function shapeSliders({ model, anatomical }: HandSource, state: HandState, wishes: SetNumber): HTMLElement[] {
  return Array.from({ length: Math.min(model.shapeCount, state.betas.length) }, (_, i) => {
    const direction = anatomical ? OPEN_HAND_SHAPE_DIRECTIONS[i] : undefined;
    const label = direction?.name.replaceAll('-', ' ') ?? `β${i}`;
    const change = (value: number): void => wishes.setNumber('betas', i, value);
    return slider({ label, title: direction?.effect, from: -3, to: 3, step: 0.05, value: state.betas[i]!, change })
      .root;
  });
}

/** Sliders of as many pose coefficients as the convention has. */
export function coefficientSliders({ model }: HandSource, state: HandState, wishes: SetNumber): HTMLElement[] {
  return Array.from({ length: coefficientCount(model, state.convention) }, (_, i) => {
    const change = (value: number): void => wishes.setNumber('coefficients', i, value);
    return slider({ label: `c${i}`, from: -3, to: 3, step: 0.05, value: state.coefficients[i]!, change }).root;
  });
}

/** A folding group for the wrist and for each finger, with three angles per joint. */
export function jointSliders({ model, anatomical }: HandSource, state: HandState, wishes: SetNumber): HTMLElement[] {
  const limits = anatomical ? openHandJointFrames(model.side).limits : undefined;
  const rangeOf = (i: number): readonly [number, number] =>
    limits === undefined ? [-90, 90] : [limits[2 * i]! * DEGREES - 15, limits[2 * i + 1]! * DEGREES + 15];
  const jointOf = (joint: number): HTMLElement =>
    element(
      'fieldset',
      {},
      element('legend', {}, anatomicalName(JOINTS[joint]!)),
      ...[0, 1, 2].map((k) => {
        const i = (joint - 1) * 3 + k;
        return inDegrees('angles', i, (anatomical ? ANATOMICAL : AXES)[k]!, rangeOf(i), state, wishes);
      }),
    );
  const fingers = FINGER_NAMES.map((finger) => {
    const joints = JOINTS.flatMap((name, joint) => (fingerOf(name) === finger ? [joint] : []));
    return section(finger, {}, ...joints.map(jointOf));
  });
  const wrist = AXES.map((axis, k) => inDegrees('orient', k, axis, [-180, 180], state, wishes));
  return [section('wrist', { hint: 'global orientation' }, ...wrist), ...fingers];
}

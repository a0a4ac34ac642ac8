import { element } from '../dom.js';
import type { LoadedSample } from './load-sample.js';

const short = (values: ArrayLike<number>, digits = 1): string =>
  Array.from(values, (value) => String(Number(value.toFixed(digits)))).join(', ');

/** How much of the image its mask covers, in percent. */
function area({ mask }: LoadedSample): string | undefined {
  if (mask === undefined) return undefined;
  return `${((100 * mask.data.reduce((sum, value) => sum + value, 0)) / 255 / mask.data.length).toFixed(2)} %`;
}

/** Name and value of everything that a sample's record says, apart from the keypoints themselves. */
export function sampleFacts(sample: LoadedSample): readonly (readonly [name: string, value: string])[] {
  const { annotation, record } = sample;
  const { visibility, camera, crop, mano, handParameters: numbers, keypoints3dValid } = annotation;
  const count = (wanted: number): number => visibility.filter((value) => value === wanted).length;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['sample', annotation.id],
    ['source', annotation.source.dataset],
    ['its file', annotation.source.file],
    ['its record', String(annotation.source.index)],
    ['subject', annotation.subject],
    ['sequence', annotation.sequence],
    ['side', annotation.side],
    ['mirrored', annotation.isMirrored ? 'yes' : 'no'],
    ['image', record.file_name],
    ['size', `${record.width} × ${record.height}`],
    ['mask', record.mask_file_name ?? 'none'],
    ['mask area', area(sample)],
    ['depth', record.depth_file_name],
    ['box', short(annotation.bbox)],
    ['keypoints', `${count(2)} visible, ${count(1)} hidden, ${count(0)} not labelled`],
    ['3D', keypoints3dValid ? `${keypoints3dValid.filter((value) => value > 0).length} of 21 keypoints` : 'none'],
    ['focal length', camera && `${short([camera[0]!, camera[4]!])} px`],
    ['centre', camera && `${short([camera[2]!, camera[5]!])} px`],
    ['crop', crop && short(crop, 3)],
    ['MANO', mano && `${mano.convention}, ${mano.pose.length} + ${mano.betas.length} numbers`],
    ['scale', numbers && `${short([numbers[0]!])} px/m at 256 px`],
    ['translation', numbers && `${short(numbers.slice(1, 3))} px`],
    ['rotation', numbers && `${short(numbers.slice(3, 6), 3)} rad`],
    ['pose', numbers && short(numbers.slice(6, 12), 3)],
    ['betas', numbers && short(numbers.slice(12), 3)],
  ];
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
}

/** The rows of a table of facts. */
export const factRows = (facts: readonly (readonly [name: string, value: string])[]): HTMLElement[] =>
  facts.map(([name, value]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), element('td', { 'data-fact': name }, value)),
  );

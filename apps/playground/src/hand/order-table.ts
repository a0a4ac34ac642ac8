import { anatomicalName, jointColors, KEYPOINT_ORDERS, type KeypointOrderName, names } from '@opposable/keypoint-order';
import { element } from '../dom.js';

const ORDERS = Object.keys(KEYPOINT_ORDERS) as KeypointOrderName[];

/** Every keypoint order side by side: one column each, one row per number, a cell's colour its finger's. */
export function orderTable(
  chosen: KeypointOrderName,
  choose: (order: KeypointOrderName) => void,
  mark: (joint: string | undefined) => void,
): { readonly root: HTMLElement; set(order: KeypointOrderName): void } {
  const columns = new Map(ORDERS.map((order) => [order, { joints: names(order), colors: jointColors(order) }]));
  const cell = (order: KeypointOrderName, row: number): HTMLElement => {
    const { joints, colors } = columns.get(order)!;
    const joint = joints[row]!;
    const style = `--finger: rgb(${colors[row]!.join(' ')})`;
    return element('td', { 'data-joint': joint, 'data-order': order, style, title: anatomicalName(joint) }, joint);
  };
  const heads = ORDERS.map((order) =>
    element(
      'th',
      { scope: 'col', 'data-order': order },
      element('button', { type: 'button', title: KEYPOINT_ORDERS[order].description, click: () => (set(order), choose(order)) }, order), // prettier-ignore
    ),
  );
  const rows = Array.from({ length: 21 }, (_, row) =>
    element('tr', {}, element('th', { scope: 'row' }, String(row)), ...ORDERS.map((order) => cell(order, row))),
  );
  const table = element(
    'table',
    {
      class: 'orders',
      pointerover: (event: PointerEvent) => {
        const joint = (event.target as HTMLElement).dataset['joint'];
        light(joint);
        mark(joint);
      },
      pointerleave: () => (light(undefined), mark(undefined)),
    },
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, '#'), ...heads)),
    element('tbody', {}, ...rows),
  );
  const light = (joint: string | undefined): void =>
    table.querySelectorAll('td').forEach((td) => td.classList.toggle('lit', td.dataset['joint'] === joint));
  const set = (order: KeypointOrderName): void =>
    table.querySelectorAll<HTMLElement>('[data-order]').forEach((each) => {
      each.classList.toggle('chosen', each.dataset['order'] === order);
    });
  set(chosen);
  return { root: element('div', { class: 'scroll-x', tabindex: 0, 'aria-label': 'Keypoint orders' }, table), set };
}

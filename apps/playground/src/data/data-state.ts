/** What is shown of a sample. */
export const SHOWN = { skeleton: 'Skeleton', mask: 'Mask', box: 'Box', numbers: 'Numbers', mesh: 'Mesh' } as const;
export type Shown = Readonly<Record<keyof typeof SHOWN, boolean>>;

/** Everything of the data view that a link can hold: a folder of the user's is not part of it. */
export interface DataState {
  /** Split by name; that of the dataset comes first where it has none of this name. */
  readonly split: string | undefined;
  /** Place of the sample in its split. */
  readonly index: number;
  readonly shown: Shown;
}

const DEFAULT_SHOWN: Shown = { skeleton: true, mask: true, box: true, numbers: false, mesh: true };
const FLAGS = Object.keys(SHOWN) as (keyof Shown)[];

/** The state as the query of a link: only what differs from the default. */
export function encodeDataState({ split, index, shown }: DataState): string {
  const query = new URLSearchParams();
  if (split !== undefined) query.set('split', split);
  if (index > 0) query.set('sample', String(index));
  for (const flag of FLAGS) if (shown[flag] !== DEFAULT_SHOWN[flag]) query.set(flag, shown[flag] ? '1' : '0');
  return query.toString();
}

/** The state of a link. Anybody can write a link: what is not accepted stays at its default. */
export function decodeDataState(link: string): DataState {
  const query = new URLSearchParams(link);
  const index = Number(query.get('sample') ?? 0);
  const shown = Object.fromEntries(FLAGS.map((flag) => [flag, (query.get(flag) ?? String(Number(DEFAULT_SHOWN[flag]))) === '1'])); // prettier-ignore
  return {
    split: query.get('split') ?? undefined,
    index: Number.isSafeInteger(index) && index > 0 ? index : 0,
    shown: shown as Shown,
  };
}

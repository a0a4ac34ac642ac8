import type { ManoConventionName, Side } from '@opposable/mano-layer/conventions';
import type { KeypointOrderName } from '@opposable/keypoint-order';
import type { HandFlag, NumberList, Surface } from './hand-state.js';

export type ExportKind = 'GLB' | 'OBJ' | 'JSON';

/** What toolbar and panel ask for. The view alone changes the state, and fills them from it. */
export interface HandWishes {
  setNumber(list: NumberList, i: number, value: number): void;
  setSurface(surface: Surface): void;
  setWeightsOf(joint: number): void;
  setFlag(flag: HandFlag, on: boolean): void;
  setSide(side: Side): void;
  setConvention(name: ManoConventionName): void;
  setOrder(order: KeypointOrderName): void;
  /** A joint by name whose keypoint is to stand out. */
  mark(joint: string | undefined): void;
  frame(): void;
  open(file: File): void;
  randomise(): void;
  reset(): void;
  save(kind: ExportKind): void;
  copyLink(): void;
}

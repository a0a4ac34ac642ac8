import { OpposableError } from '@opposable/tensor-checks';
import { element } from './dom.js';

const SHOWN_MS = 12_000;

/** A sentence at the edge of the page, which goes away by itself or by its button. */
export function notice(message: string, kind: 'done' | 'error' = 'done'): void {
  const close = (): void => shown.remove();
  const button = element('button', { type: 'button', 'aria-label': 'Close', click: close }, '×');
  const shown = element(
    'div',
    { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : undefined },
    message,
    button,
  );
  const place = document.getElementById('notices')!;
  place.append(shown);
  while (place.childElementCount > 3) place.firstElementChild!.remove();
  setTimeout(close, SHOWN_MS);
}

/** What went wrong, as a sentence: the libraries' own where they refused something, else with what was being done. */
export function sentenceOf(error: unknown, doing: string): string {
  if (error instanceof OpposableError) return error.message;
  return `${doing} failed: ${error instanceof Error ? error.message : String(error)}`;
}

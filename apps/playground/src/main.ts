import { element } from './dom.js';
import { startEngine } from './engine.js';
import { HandView } from './hand/hand-view.js';
import { sentenceOf } from './notices.js';

/** What a tab shows. */
interface View {
  readonly root: HTMLElement;
  restore(link: string): void;
  dispose(): void;
}

const place = document.getElementById('view')!;

/** A link is `#view?state`. */
function parts(hash: string): readonly [name: string, link: string] {
  const [, name = '', link = ''] = /^#([a-z]*)\??(.*)$/.exec(hash) ?? [];
  return [name, link];
}

async function start(): Promise<void> {
  const engine = await startEngine();
  const views: Readonly<Record<string, (link: string) => View>> = { hand: (link) => new HandView(engine, link) };
  const tabs = Object.keys(views).map((name) =>
    element('a', { href: `#${name}` }, name[0]!.toUpperCase() + name.slice(1)),
  );
  document.querySelector('.tabs')!.append(...(tabs.length > 1 ? tabs : []));
  let shown: { readonly name: string; readonly view: View } | undefined;
  const show = (): void => {
    const [wanted, link] = parts(location.hash);
    const name = Object.hasOwn(views, wanted) ? wanted : 'hand';
    if (shown?.name === name) return shown.view.restore(link);
    shown?.view.dispose();
    const view = views[name]!(link);
    shown = { name, view };
    place.replaceChildren(view.root);
    tabs.forEach((tab) => tab.toggleAttribute('aria-current', tab.hash === `#${name}`));
  };
  window.addEventListener('hashchange', show);
  show();
}

start().catch((error: unknown) => {
  place.replaceChildren(
    element('p', { class: 'starting error', role: 'alert' }, sentenceOf(error, 'Starting the page')),
  );
});

import { element } from './dom.js';
import { startEngine } from './engine.js';
import { HandView } from './hand/hand-view.js';
import { notice, sentenceOf } from './notices.js';

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
  // from the start: once loaded, the page asks for nothing, and the first interaction finds it idle
  const fitView = import('./fit/fit-view.js');
  const dataView = import('./data/dataset-view.js');
  const photoView = import('./photo/photo-view.js');
  const networks = photoView.then(({ openNetworks }) => openNetworks());
  const loaded = Promise.allSettled([fitView, dataView, networks]); // a fault is said when its view is opened
  const engine = await startEngine(location.href);
  await loaded;
  const views: Readonly<Record<string, (link: string) => View | Promise<View>>> = {
    hand: (link) => new HandView(engine, link),
    photo: async () => new (await photoView).PhotoView(await networks),
    fit: async () => new (await fitView).FitView(),
    data: async (link) => new (await dataView).DatasetView(link),
  };
  // a tab leads to what its view showed last, that of the view that is shown to where one is
  const tabs = Object.keys(views).map((name) => {
    const here = (): void => {
      if (tab.hasAttribute('aria-current')) tab.setAttribute('href', location.hash);
    };
    const tab = element('a', { href: `#${name}`, click: here }, name[0]!.toUpperCase() + name.slice(1));
    return tab;
  });
  const tabOf = (name: string): HTMLAnchorElement | undefined => tabs.find((tab) => parts(tab.hash)[0] === name);
  document.querySelector('.tabs')!.append(...(tabs.length > 1 ? tabs : []));
  let shown: { readonly name: string; readonly view: View } | undefined;
  let asked = 0;
  const show = async (): Promise<void> => {
    const turn = ++asked;
    const [wanted, link] = parts(location.hash);
    const name = Object.hasOwn(views, wanted) ? wanted : 'hand';
    if (shown?.name === name) return shown.view.restore(link);
    const view = await views[name]!(link);
    if (turn !== asked) return view.dispose(); // another tab was chosen meanwhile
    shown?.view.dispose();
    shown = { name, view };
    place.replaceChildren(view.root);
    tabs.forEach((tab) => tab.toggleAttribute('aria-current', tab === tabOf(name)));
  };
  window.addEventListener('hashchange', ({ oldURL }) => {
    const { hash } = new URL(oldURL);
    tabOf(parts(hash)[0])?.setAttribute('href', hash);
    show().catch((error: unknown) => notice(sentenceOf(error, 'Opening the view'), 'error'));
  });
  await show();
}

start().catch((error: unknown) => {
  place.replaceChildren(
    element('p', { class: 'starting error', role: 'alert' }, sentenceOf(error, 'Starting the page')),
  );
});

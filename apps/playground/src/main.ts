import { element } from './dom.js';
import { startEngine } from './engine.js';
import { HandView } from './hand/hand-view.js';
import { notice, sentenceOf } from './notices.js';
import { Views } from './views.js';

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
  const views = new Views(place, {
    hand: (link) => new HandView(engine, link),
    photo: async () => new (await photoView).PhotoView(await networks),
    fit: async () => new (await fitView).FitView(),
    data: async (link) => new (await dataView).DatasetView(link),
  });
  const wanted = (hash: string): readonly [name: string, link: string] => {
    const [name, link] = parts(hash);
    return views.names.includes(name) ? [name, link] : ['hand', ''];
  };
  const tabs = views.names.map((name) => element('a', { href: `#${name}` }, name[0]!.toUpperCase() + name.slice(1)));
  const brand = document.querySelector<HTMLAnchorElement>('.brand')!;
  document.querySelector('.tabs')!.append(...tabs);
  const isOf = (anchor: HTMLAnchorElement, name: string | undefined): boolean => wanted(anchor.hash)[0] === name;
  /** A tab leads to what its view showed last, and so does the page's name to the hand. */
  const lead = ([name, link]: readonly [name: string, link: string]): void => {
    const hash = `#${name}${link === '' ? '' : `?${link}`}`;
    for (const anchor of [...tabs, brand]) if (isOf(anchor, name)) anchor.setAttribute('href', hash);
  };
  [...tabs, brand].forEach((anchor) => anchor.addEventListener('click', () => lead(wanted(location.hash))));
  const show = async (): Promise<void> => {
    await views.show(...wanted(location.hash));
    for (const tab of tabs) tab.toggleAttribute('aria-current', isOf(tab, views.shown));
  };
  window.addEventListener('hashchange', ({ oldURL }) => {
    const [name, link] = wanted(new URL(oldURL).hash);
    if (name === views.shown && name !== wanted(location.hash)[0]) {
      lead([name, link]);
      views.leave(link);
    }
    show().catch((error: unknown) => notice(sentenceOf(error, 'Opening the view'), 'error'));
  });
  await show();
}

start().catch((error: unknown) => {
  place.replaceChildren(
    element('p', { class: 'starting error', role: 'alert' }, sentenceOf(error, 'Starting the page')),
  );
});

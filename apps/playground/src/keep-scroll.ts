/**
 * Where the parts of an element are scrolled to, which the browser forgets of what is taken out of the page.
 *
 * @returns brings them back there, once the element is in the page again
 */
export function keepScroll(root: HTMLElement): () => void {
  const scrolled = [...root.querySelectorAll('*')]
    .map((part) => ({ part, top: part.scrollTop, left: part.scrollLeft }))
    .filter(({ top, left }) => top !== 0 || left !== 0);
  return () => scrolled.forEach(({ part, top, left }) => part.scrollTo({ top, left, behavior: 'instant' }));
}

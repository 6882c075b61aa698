/** Marks titles that were given here, so that only those are taken away again. */
const mark = 'cutText';

/**
 * Gives text that an ellipsis cuts its whole self as a title while the pointer is on it: no name, topic or value is ever
 * unreadable for want of room. Elements with a title of their own keep it. Returns a function that ends it.
 */
export function titleCutText(page: Document): () => void {
  const onPointerOver = ({ target }: PointerEvent) => {
    if (!(target instanceof HTMLElement)) return;
    const isOurs = target.dataset[mark] !== undefined;
    if (!isOurs && target.closest('[title]') !== null) return;
    if (isCut(target)) {
      target.title = target instanceof HTMLInputElement ? target.value : target.innerText;
      target.dataset[mark] = '';
    } else if (isOurs) {
      target.removeAttribute('title');
      delete target.dataset[mark];
    }
  };
  page.addEventListener('pointerover', onPointerOver);
  return () => page.removeEventListener('pointerover', onPointerOver);
}

function isCut(element: HTMLElement): boolean {
  const isText = element instanceof HTMLInputElement && element.type !== 'password';
  if (!isText && getComputedStyle(element).textOverflow !== 'ellipsis' && !isClamped(element)) return false;
  return (
    element.scrollWidth > element.clientWidth + 1 ||
    (isClamped(element) && element.scrollHeight > element.clientHeight + 1)
  );
}

function isClamped(element: HTMLElement): boolean {
  return getComputedStyle(element).getPropertyValue('-webkit-line-clamp') !== 'none';
}

import { useLayoutEffect, useRef } from 'react';

const parsedIcons = new Map<string, Element>();

/** Bound of the cache of parsed icons: far above any palette, so that it only guards against a leak. */
const parsedIconsMax = 500;

function parseIcon(source: string): Element {
  const known = parsedIcons.get(source);
  if (known !== undefined) return known;
  const parsed = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
  if (parsedIcons.size < parsedIconsMax) parsedIcons.set(source, parsed);
  return parsed;
}

/** Shows the text of an SVG file inline, so that `currentColor` in it follows the theme. `size` in px. */
export function SvgIcon({ source, size = 20 }: { readonly source: string; readonly size?: number }) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const icon = document.importNode(parseIcon(source), true);
    icon.setAttribute('width', String(size));
    icon.setAttribute('height', String(size));
    host.current?.replaceChildren(icon);
  }, [source, size]);
  return <span ref={host} className="svg-icon" aria-hidden="true" style={{ width: size, height: size }} />;
}

// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { PalettePanel } from './palette-panel.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

describe('the palette', () => {
  it('forgets what was searched for once it was added, from the keyboard and by dragging', async () => {
    const { store } = openSample();
    page = await render(store, <PalettePanel />);
    const search = page.find('palette-search') as HTMLInputElement;
    const rows = () => page!.host.querySelectorAll('.palette-row').length;
    const all = rows();
    await page.type(search, 'log');
    expect(rows()).toBe(1);
    await act(async () => search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
    expect(search.value).toBe('');
    expect(rows()).toBe(all);
    await page.type(search, 'log');
    const dragEnd = (dropEffect: string) =>
      act(async () => {
        const event = Object.assign(new Event('dragend', { bubbles: true }), { dataTransfer: { dropEffect } });
        page!.find('palette-item-general.log').dispatchEvent(event);
      });
    await dragEnd('none');
    expect(search.value).toBe('log');
    await dragEnd('copy');
    expect(search.value).toBe('');
  });
});

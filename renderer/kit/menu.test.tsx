// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { Menu } from './menu.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

async function show() {
  const [copy, paste, onClose] = [vi.fn(), vi.fn(), vi.fn()];
  const items = [
    { id: 'copy', label: 'Copy', run: copy },
    { id: 'paste', label: 'Paste', disabled: true, run: paste },
    'separator' as const,
    { id: 'disable', label: 'Disable', checked: true, run: vi.fn() },
    { id: 'delete', label: 'Delete', run: vi.fn() },
  ];
  page = await render(
    openSample().store,
    <Menu label="Canvas" anchor={{ x: 0, y: 0 }} items={items} onClose={onClose} />,
  );
  return { copy, paste, onClose };
}

const focused = () => document.activeElement?.textContent;
const press = async (...keys: readonly string[]) => {
  for (const key of keys)
    await act(async () => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
};

describe('a menu', () => {
  it('reaches what cannot be done now, and does not do it', async () => {
    const { paste, onClose } = await show();
    await press('ArrowDown');
    expect(focused()).toBe('Paste');
    expect(document.activeElement?.getAttribute('aria-disabled')).toBe('true');
    await act(async () => (document.activeElement as HTMLElement).click());
    expect(paste).not.toHaveBeenCalled();
    expect(onClose).not.toHaveBeenCalled();
  });

  it('goes to its ends, and to the row that letters begin', async () => {
    await show();
    await press('End');
    expect(focused()).toBe('Delete');
    await press('Home');
    expect(focused()).toBe('Copy');
    await press('d');
    expect(focused()).toBe('Disable');
    await press('d');
    expect(focused()).toBe('Delete');
    await press('x');
    expect(focused()).toBe('Delete');
  });

  it('takes letters typed one after the other for one word', async () => {
    await show();
    await press('d', 'e');
    expect(focused()).toBe('Delete');
  });

  it('says of a row that can be on whether it is', async () => {
    await show();
    const row = document.querySelector('[role=menuitemcheckbox]');
    expect(row?.textContent).toBe('Disable');
    expect(row?.getAttribute('aria-checked')).toBe('true');
  });
});

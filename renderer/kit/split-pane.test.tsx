// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { SplitPane } from './split-pane.tsx';

let page: Rendered | undefined;
beforeEach(() => localStorage.clear());
afterEach(() => {
  page?.unmount();
  width = 0;
  Reflect.deleteProperty(HTMLElement.prototype, 'clientWidth');
});
let width = 0;

async function show(room = 1_000) {
  width = room;
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => width });
  page = await render(
    openSample().store,
    <SplitPane
      id="x"
      direction="row"
      sized="first"
      initial={240}
      min={200}
      max={600}
      label="Width"
      first="a"
      second="b"
    />,
  );
  const bar = page.host.querySelector<HTMLElement>('[role=separator]')!;
  return {
    size: () => Number(bar.getAttribute('aria-valuenow')),
    max: () => Number(bar.getAttribute('aria-valuemax')),
    press: (key: string) => act(async () => bar.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))),
    pointer: (type: string, clientX: number) =>
      act(async () => {
        bar.setPointerCapture = () => {};
        bar.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX, pointerId: 1 }));
      }),
  };
}

describe('a split pane', () => {
  it('shows a size from a larger window as far as there is room', async () => {
    localStorage.setItem('millrace.split.x', '600');
    const { size, max } = await show(500);
    expect([size(), max()]).toEqual([340, 340]);
  });

  it('takes nothing for a size that is none', async () => {
    localStorage.setItem('millrace.split.x', '"wide"');
    expect((await show()).size()).toBe(240);
  });

  it('goes to its bounds and back from the keyboard', async () => {
    const { size, press } = await show();
    await press('End');
    expect(size()).toBe(600);
    await press('Home');
    expect(size()).toBe(200);
    await press('ArrowRight');
    expect(size()).toBe(208);
    await press('Enter');
    expect(size()).toBe(200);
    await press('Enter');
    expect(size()).toBe(208);
  });

  it('stops following the pointer when the press is taken away', async () => {
    const { size, pointer } = await show();
    await pointer('pointerdown', 100);
    await pointer('pointermove', 150);
    expect(size()).toBe(290);
    await pointer('pointercancel', 150);
    await pointer('pointermove', 400);
    expect(size()).toBe(290);
  });
});

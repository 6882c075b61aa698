// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { placeTip, Tooltip } from './tooltip.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

describe('a tooltip', () => {
  it('comes with the pointer and goes with Esc', async () => {
    page = await render(
      openSample().store,
      <Tooltip text="Zoom in">
        <button type="button">+</button>
      </Tooltip>,
    );
    const anchor = page.host.querySelector('.tooltip-anchor')!;
    const shown = () => document.querySelector('.tooltip')?.textContent;
    expect(shown()).toBeUndefined();
    await act(async () =>
      anchor.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' })),
    );
    expect(shown()).toBe('Zoom in');
    await act(async () => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
    expect(shown()).toBeUndefined();
  });
});

describe('placeTip', () => {
  const window = { width: 400, height: 300 };
  const tip = { width: 100, height: 20 };
  const at = (left: number, top: number) => ({ left, top, width: 30, height: 30 });

  it('stands on its side of what it is about', () => {
    expect(placeTip(at(200, 100), tip, 'bottom', window)).toEqual({ left: 165, top: 136 });
    expect(placeTip(at(200, 100), tip, 'left', window)).toEqual({ left: 94, top: 105 });
  });

  it('goes to the other side where there is no room', () => {
    expect(placeTip(at(200, 268), tip, 'bottom', window).top).toBe(242);
    expect(placeTip(at(200, 2), tip, 'top', window).top).toBe(38);
    expect(placeTip(at(20, 100), tip, 'left', window).left).toBe(56);
    expect(placeTip(at(360, 100), tip, 'right', window).left).toBe(254);
  });

  it('is never cut by the edge of the window', () => {
    expect(placeTip(at(2, 100), tip, 'bottom', window).left).toBe(4);
    expect(placeTip(at(368, 100), tip, 'top', window).left).toBe(296);
    expect(placeTip(at(200, 0), tip, 'right', window).top).toBe(5);
  });
});

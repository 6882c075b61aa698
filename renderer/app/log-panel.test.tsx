// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { LogPanel } from './log-panel.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

const long = `record quakes-2@1041 failed: ${'the reason is long '.repeat(40)}`;

async function show() {
  const { store } = openSample();
  const line = { project: '/projects/earthquakes', atMs: 1_760_000_000_000, fields: {} };
  store.getState().addLogLines([
    { ...line, level: 'info', message: 'running' },
    { ...line, level: 'warn', message: 'a broker is away', fields: { broker: 2 } },
    {
      ...line,
      level: 'error',
      message: long,
      fields: { activity: 'receive', record: { topic: 'quakes', offset: 1041 } },
    },
  ]);
  page = await render(store, <LogPanel />);
  return page;
}

const rows = () => [...(page?.host.querySelectorAll('[role=option]') ?? [])];
const messages = () => rows().map((row) => row.querySelector('.log-message')?.textContent);

describe('the log', () => {
  it('shows lines by level', async () => {
    const { find, press } = await show();
    expect(messages()).toEqual([long, 'a broker is away', 'running']);
    await press(find('log-warnings'));
    expect(messages()).toEqual([long, 'a broker is away']);
    await press(find('log-errors'));
    expect(messages()).toEqual([long]);
  });

  it('finds text in messages and fields', async () => {
    const { find, type, host } = await show();
    await type(find('log-search'), 'BROKER=2');
    expect(messages()).toEqual(['a broker is away']);
    await type(find('log-search'), 'nowhere');
    expect(host.textContent).toContain('No line matches');
  });

  it('opens a line whole, with all its fields, until it is closed', async () => {
    const { find, press, host } = await show();
    await press(rows()[0] ?? null);
    const detail = find('log-detail').textContent ?? '';
    expect(detail).toContain(long);
    expect(detail).toContain('"offset": 1041');
    await press(host.querySelector('[aria-label="Close the line"]'));
    expect(host.querySelector('[data-testid="log-detail"]')).toBeNull();
  });
});

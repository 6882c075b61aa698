// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../engine/model/problem.ts';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { ProblemsPanel } from './problems-panel.tsx';

const problems: readonly Problem[] = [
  { severity: 'warning', code: 'W', message: 'is odd', process: 'triage-quakes', transition: 'map-log' },
  {
    severity: 'error',
    code: 'E',
    message: 'is wrong',
    process: 'triage-quakes',
    activity: 'send',
    field: 'input.value',
  },
];

let page: Rendered | undefined;
afterEach(() => page?.unmount());

describe('the problems list', () => {
  it('shows errors first, with their places', async () => {
    const { store } = openSample();
    store.getState().setProblems(problems);
    page = await render(store, <ProblemsPanel />);
    const rows = [...page.find('problems-list').querySelectorAll('[role=option]')].map((row) => row.textContent);
    expect(rows).toEqual(['is wrongTriage quakes › Send alert', 'is oddTriage quakes']);
  });

  it('marks what a problem is about on a click, and goes to its field on a double-click', async () => {
    const { store } = openSample();
    store.getState().setProblems(problems);
    page = await render(store, <ProblemsPanel />);
    const row = page.find('problems-list').querySelector('[role=option]');
    await page.press(row);
    expect(store.getState()).toMatchObject({
      selection: { activities: ['send'] },
      propertiesTab: 'input',
      wantedField: null,
    });
    await act(async () => row?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })));
    expect(store.getState().wantedField).toBe('input.value');
  });

  it('says so when there are none', async () => {
    const { store } = openSample();
    page = await render(store, <ProblemsPanel />);
    expect(page.find('problems-list').textContent).toContain('No problems');
  });
});

// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { analyseExpression } from '../../../engine/expressions/analyse-expression.ts';
import { validateProject } from '../../../engine/model/rules/validate-project.ts';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { insertActivity } from '../../commands/insert-activity.ts';
import { runProject } from '../../commands/run-project.ts';
import { PropertiesPanel } from './properties-panel.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

async function showNew(type: string) {
  const sample = openSample();
  const { store } = sample;
  const validate = () => {
    const { project, palette, setProblems } = store.getState();
    setProblems(validateProject(project!, { catalog: palette, analyse: analyseExpression }));
  };
  store.getState().openProcess('replay-feed');
  insertActivity(store, { type });
  validate();
  page = await render(store, <PropertiesPanel />);
  return { ...sample, page, validate: () => act(async () => validate()) };
}

const alerts = () => [...(page?.host.querySelectorAll('[role=alert]') ?? [])].map((one) => one.textContent);

describe('a fresh activity', () => {
  it('shows no errors before anything was typed, and counts them all the same', async () => {
    const { page, store } = await showNew('kafka.send-message');
    expect(alerts()).toEqual([]);
    expect(page.find('properties-tab-settings').textContent).toMatch(/[1-9]/);
    expect(store.getState().severities.get('replay-feed/send')).toBe('error');
  });

  it('shows them once something was typed', async () => {
    const { page, validate } = await showNew('kafka.receive-message');
    await page.type(page.find('field-groupId').querySelector('input'), 'triage');
    await validate();
    expect(alerts()).toEqual(['Choose at least one topic']);
  });

  it('shows them once Run was tried, until they are mended', async () => {
    const { store, validate } = await showNew('kafka.send-message');
    const clipboard = { write: async () => {}, read: async () => '' };
    await act(async () => runProject.run({ store, clipboard, files: store.getState().files }));
    expect(alerts()).toContain('Choose a topic');
    // The note about the refused start may be closed.
    await act(async () => store.getState().dismissNoticesAbout('start'));
    await validate();
    expect(alerts()).toContain('Choose a topic');
  });
});

// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { searchPalette } from '../panels/palette/search-palette.ts';
import { App } from './app.tsx';
import { followKeyboard } from './keyboard.ts';
import { rankMatches } from './rank-matches.ts';

let page: Rendered | undefined;
let ends: (() => void)[] = [];
afterEach(() => {
  page?.unmount();
  for (const end of ends) end();
  ends = [];
});

async function show() {
  const sample = openSample();
  ends.push(followKeyboard(sample.store));
  page = await render(sample.store, <App />);
  return { ...sample, page };
}

const press = (target: EventTarget, key: string, modifiers: KeyboardEventInit = {}) =>
  act(async () => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers }));
  });

describe('the window', () => {
  it('draws the process that is open, with every test id that others rely on', async () => {
    const { page } = await show();
    for (const id of [
      'canvas',
      'properties',
      'run-button',
      'save-button',
      'run-state',
      'theme-toggle',
      'cluster-status',
    ])
      expect(page.find(id)).toBeTruthy();
    for (const id of ['palette-search', 'palette-item-kafka.send-message', 'process-tab-triage-quakes', 'view-topics'])
      expect(page.find(id)).toBeTruthy();
    expect(page.find('node-receive').textContent).toContain('Receive quakes');
  });

  it('shows the properties of what is selected', async () => {
    const { page, store } = await show();
    await act(async () => store.getState().select({ activities: ['send'] }));
    expect(page.find('field-topic').querySelector('input')?.value).toBe('quake-alerts');
    await act(async () => store.getState().select({ transitions: ['map-log'] }));
    expect(page.find('properties').textContent).toContain('Make alert to Log minor quake');
  });

  it('runs commands by their keys, but not while typing', async () => {
    const { page, store } = await show();
    await act(async () => store.getState().select({ activities: ['log'] }));
    await press(page.find('palette-search'), 'Delete');
    expect(store.getState().project?.processes['triage-quakes']?.activities).toHaveProperty('log');
    await press(document.body, 'Delete');
    expect(store.getState().project?.processes['triage-quakes']?.activities).not.toHaveProperty('log');
    await press(page.find('palette-search'), 'z', { ctrlKey: true });
    expect(store.getState().project?.processes['triage-quakes']?.activities).toHaveProperty('log');
    await press(page.find('palette-search'), 'k', { ctrlKey: true });
    expect(page.find('command-palette')).toBeTruthy();
  });

  it('saves and runs what is still being typed in a field', async () => {
    const { page, store, studio } = await show();
    await act(async () => store.getState().select({ activities: ['send'] }));
    const field = page.find('field-topic').querySelector('input')!;
    const type = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
    await act(async () => {
      field.focus();
      type.call(field, 'other-alerts');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await press(field, 's', { ctrlKey: true });
    const saved = studio.calls.find(({ name }) => name === 'project.save');
    expect(JSON.stringify(saved?.params)).toContain('other-alerts');
    await press(field, 'Enter', { ctrlKey: true });
    expect(studio.calls.map(({ name }) => name)).toContain('run.start');
    expect(document.activeElement).toBe(field);
  });

  it('inserts from the palette with Enter', async () => {
    const { page, store } = await show();
    await press(page.find('palette-item-general.log'), 'Enter');
    expect(store.getState().selection.activities).toEqual(['log2']);
  });
});

describe('searching', () => {
  it('finds activities by any of their words', () => {
    const { store } = openSample();
    const found = searchPalette([...store.getState().palette.values()], 'producer');
    expect(found.flatMap(({ items }) => items.map((item) => item.type))).toEqual(['kafka.send-message']);
  });

  it('puts what starts with the word first', () => {
    expect(rankMatches('run', ['Rerun all', 'Run', 'Stop'], (text) => text)).toEqual(['Run', 'Rerun all']);
    expect(rankMatches('', ['b', 'a'], (text) => text)).toEqual(['b', 'a']);
  });
});

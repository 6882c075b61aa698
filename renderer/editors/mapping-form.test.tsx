// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { catalog } from '../../palette/catalog.ts';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { PropertiesPanel } from '../panels/properties/properties-panel.tsx';
import { fieldNameFor } from './field-name.ts';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

async function show(activity: string) {
  const sample = openSample();
  sample.store.getState().select({ activities: [activity] });
  sample.store.getState().show({ propertiesTab: 'input' });
  page = await render(sample.store, <PropertiesPanel />);
  const input = () => sample.store.getState().project?.processes['triage-quakes']?.activities[activity]?.input ?? {};
  return { ...sample, page, input };
}

const focused = () => document.activeElement as HTMLInputElement;
const enter = () =>
  act(async () => {
    const isTyped = focused().dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
    );
    // What has the keyboard now would get the line break.
    expect(isTyped).toBe(false);
  });

/** What a data row hands over when it is let go on an element. */
function dropOn(element: Element, path: string): Promise<void> {
  const dataTransfer = { types: ['text/plain'], getData: () => path };
  return act(async () => {
    element.dispatchEvent(Object.assign(new Event('drop', { bubbles: true, cancelable: true }), { dataTransfer }));
  });
}

describe('the mapper', () => {
  it('takes the keyboard to the name of a new field, and from there to its expression', async () => {
    const { page, input } = await show('map');
    await page.press(page.find('add-mapping'));
    expect(focused().getAttribute('aria-label')).toBe('Name of the field field1');
    expect(focused().selectionEnd).toBe('field1'.length);
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(focused(), 'depth');
      focused().dispatchEvent(new Event('input', { bubbles: true }));
    });
    await enter();
    expect(Object.keys(input())).toContain('depth');
    expect(focused().getAttribute('aria-label')).toBe('Expression of depth');
  });

  it('goes to the expression of a field that keeps its name', async () => {
    const { page } = await show('map');
    await page.press(page.find('add-mapping'));
    await enter();
    expect(focused().getAttribute('aria-label')).toBe('Expression of field1');
  });

  it('keeps the keyboard when a field is removed', async () => {
    const { page } = await show('map');
    await page.press(page.host.querySelector('[aria-label="Remove place"]'));
    expect(focused()).toBe(page.find('add-mapping'));
  });

  it('makes a field of data that is let go beside the others, with its name', async () => {
    const { page, input } = await show('map');
    await dropOn(page.find('mapping-fields'), 'receive.value.properties.tsunami');
    expect(input().tsunami).toBe('receive.value.properties.tsunami');
    await dropOn(page.find('mapping-fields'), 'receive.value.id');
    expect(input()).toMatchObject({ id: 'receive.value.id', id2: 'receive.value.id' });
  });

  it('gives such data to the first empty field where fields are given', async () => {
    const { page, input } = await show('send');
    const before = input();
    const firstEmpty = Object.keys(catalog.get('kafka.send-message')!.input).find((name) => !before[name]);
    await dropOn(page.find('mapping-fields'), 'map.depthKm');
    expect(input()).toEqual({ ...before, [firstEmpty!]: 'map.depthKm' });
  });
});

describe('fieldNameFor', () => {
  it.each([
    ['receive.value.total', 'total'],
    ['receive.headers.`trace-id`', 'trace_id'],
    ['receive.value.items[0]', 'items'],
    ['receive.value.`2nd`', '_2nd'],
    ['receive', 'receive'],
  ])('takes %s as %s', (path, name) => expect(fieldNameFor(path, {})).toBe(name));

  it('finds another name while one is taken', () => {
    expect(fieldNameFor('a.id', { id: '', id2: '' })).toBe('id3');
  });
});

describe('the sample bar', () => {
  const bar = () => page?.find('sample-source').textContent;

  it('says what newer data was passed over, and what asking for newer came to', async () => {
    const { page, studio } = await show('map');
    expect(bar()).toBe('Sample: quakes[2] @ 1041');
    const refresh = () => page.press(page.host.querySelector('[aria-label="Take newer sample data"]'));
    await refresh();
    expect(bar()).toBe('Sample: quakes[2] @ 1041 · still the newest');
    const reason = 'the newest message, quakes[0] @ 7, cannot be read: expected JSON';
    studio.handle('run.sample', () => ({ context: {}, source: 'quakes[2] @ 1042', reason }));
    await refresh();
    expect(bar()).toBe(`Sample: quakes[2] @ 1042 · just takenPassed over: ${reason}`);
  });

  it('says why there is none', async () => {
    const { page, studio } = await show('map');
    studio.handle('run.sample', () => ({ context: {}, source: null, reason: 'topic quakes holds no message' }));
    await page.press(page.host.querySelector('[aria-label="Take newer sample data"]'));
    expect(bar()).toBe('No sample data: topic quakes holds no message');
    await page.press(page.host.querySelector('[aria-label="Take newer sample data"]'));
    expect(bar()).toBe('No sample data still: topic quakes holds no message');
  });
});

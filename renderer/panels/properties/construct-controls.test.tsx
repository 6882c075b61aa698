// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { constructsProject, loopProcess } from '../../../test/kit/designer/constructs-project.ts';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { ConfigControl } from './config-control.tsx';
import { GroupKindField } from './group-kind-field.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

const ids = { id: 'field' } as const;

/** The designer with loops and a called process open. */
function openConstructs() {
  const { store } = openSample();
  store.getState().edit('Open', () => constructsProject);
  store.getState().openProcess(loopProcess);
  return store;
}

async function choose(element: Element | null, value: string): Promise<void> {
  await act(async () => {
    (element as HTMLSelectElement).value = value;
    element!.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

it('offers the processes that can be called, and the way to the one that is', async () => {
  const store = openConstructs();
  const onChange = vi.fn();
  const field = { kind: 'process', label: 'Process', help: '' } as const;
  page = await render(
    store,
    <ConfigControl ids={ids as never} field={field} value="price" config={{}} onChange={onChange} />,
  );
  const options = [...page.host.querySelectorAll('option')].map((option) => option.textContent);
  expect(options).toEqual(['Choose a process', 'Price']);
  await page.press(page.host.querySelector('[aria-label="Open the process"]'));
  expect(store.getState().activeProcess).toBe('price');
});

it('edits the fields of a record: their names, their types, and which may be missing', async () => {
  const onChange = vi.fn();
  const field = { kind: 'record', label: 'Input', help: '' } as const;
  const value = { item: 'string', net: 'number' };
  page = await render(
    openConstructs(),
    <ConfigControl ids={ids as never} field={field} value={value} config={{}} onChange={onChange} />,
  );
  await choose(page.host.querySelector('[aria-label="Type of net"]'), 'integer');
  expect(onChange).toHaveBeenLastCalledWith({ item: 'string', net: 'integer' });
  await page.press(page.host.querySelector('[aria-label="net is optional"]'));
  expect(onChange).toHaveBeenLastCalledWith({ item: 'string', net: 'number?' });
  await page.press(page.host.querySelector('[aria-label="Remove item"]'));
  expect(onChange).toHaveBeenLastCalledWith({ net: 'number' });
});

it('changes what a group does: what both kinds have stays, and so does what is in it', async () => {
  const store = openConstructs();
  const processOf = () => store.getState().project!.processes[loopProcess]!;
  page = await render(store, <GroupKindField process={processOf()} activity={processOf().activities.each!} />);
  await choose(page.host.querySelector('select'), 'general.while');
  const { each, price } = processOf().activities;
  expect(each).toMatchObject({ type: 'general.while', name: 'Each line', input: { collect: 'price.gross' } });
  expect(each!.input).not.toHaveProperty('items');
  expect(price!.parent).toBe('each');
});

// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, expect, it } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { until } from '../../test/kit/until.ts';
import { PropertiesPanel } from '../panels/properties/properties-panel.tsx';
import { followDesktop } from './follow-desktop.ts';

let page: Rendered | undefined;
afterEach(() => {
  page?.unmount();
  Object.assign(window, { millraceDesktop: undefined });
});

it('tells the shell of what is typed and not settled, and settles it before the menu saves', async () => {
  const told: { isDirty: boolean }[] = [];
  let command: (id: string) => void = () => {};
  Object.assign(window, {
    millraceDesktop: {
      onCommand: (listener: typeof command) => {
        command = listener;
      },
      setDocument: (state: { isDirty: boolean }) => told.push(state),
    },
  });
  const { store, studio } = openSample();
  followDesktop(store);
  expect(told.at(-1)?.isDirty).toBe(false);

  store.getState().select({ activities: ['send'] });
  page = await render(store, <PropertiesPanel />);
  const name = page.find('field-name') as HTMLInputElement;
  await act(async () => {
    name.focus();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(name, 'Send it');
    name.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await until('the shell knows of the typing', () => told.at(-1)?.isDirty === true);
  expect(studio.calls.some(({ name: call }) => call === 'project.save')).toBe(false);

  await act(async () => command('save'));
  await until('it is saved', () => store.getState().savedVersion > 0);
  expect(store.getState().project?.processes['triage-quakes']?.activities.send?.name).toBe('Send it');
});

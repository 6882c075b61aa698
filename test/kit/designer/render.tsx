import type { ReactNode } from 'react';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { catalog } from '../../../palette/catalog.ts';
import { openSnapshot } from '../../../renderer/store/open-snapshot.ts';
import type { StudioStore } from '../../../renderer/store/studio-store.ts';
import { createStudioStore } from '../../../renderer/store/studio-store.ts';
import { StudioContext } from '../../../renderer/store/use-studio.ts';
import type { FakeStudio } from './fake-studio.ts';
import { createFakeStudio, sampleSnapshot } from './fake-studio.ts';
import { noFiles } from './no-files.ts';

/** A store with the sample project open, and the fake studio behind it. */
export function openSample(): { readonly store: StudioStore; readonly studio: FakeStudio } {
  const studio = createFakeStudio();
  const store = createStudioStore({ client: studio.client, palette: catalog, files: noFiles });
  openSnapshot(store, sampleSnapshot());
  store.getState().openProcess('triage-quakes');
  return { store, studio };
}

/** Components on a page, with a store of their own. */
export interface Rendered {
  readonly host: HTMLElement;
  readonly find: (testId: string) => HTMLElement;
  readonly type: (element: Element | null, text: string) => Promise<void>;
  readonly press: (element: Element | null) => Promise<void>;
  readonly unmount: () => void;
}

/** Draws components into the document of happy-dom. */
export async function render(store: StudioStore, content: ReactNode): Promise<Rendered> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  await act(async () => root.render(<StudioContext value={store}>{content}</StudioContext>));
  return {
    host,
    find: (testId) => {
      const found = host.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      if (found === null)
        throw new Error(`expected an element ${testId}, found none in ${host.innerHTML.slice(0, 500)}`);
      return found;
    },
    type: (element, text) => act(async () => typeInto(element, text)),
    press: (element) => act(async () => (element as HTMLElement).click()),
    unmount: () => {
      act(() => root.unmount());
      host.remove();
    },
  };
}

/** As the user does it: the new text, then the focus goes elsewhere. */
function typeInto(element: Element | null, text: string): void {
  if (
    !(
      element instanceof HTMLInputElement ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement
    )
  )
    throw new Error('expected a control to type into');
  const prototype = Object.getPrototypeOf(element) as object;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, text);
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
  element.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
}

// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rendered } from '../../test/kit/designer/render.tsx';
import { openSample, render } from '../../test/kit/designer/render.tsx';
import { runProject } from '../commands/run-project.ts';
import { ActivityBar } from './activity-bar.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

describe('the button of the jobs', () => {
  it('leaves open what Run has just opened, and closes it the next time', async () => {
    const { store } = openSample();
    page = await render(store, <ActivityBar />);
    const press = () => page!.press(page!.host.querySelector('[aria-label="Jobs"]'));
    const clipboard = { write: async () => {}, read: async () => '' };
    await act(async () => runProject.run({ store, clipboard, files: store.getState().files }));
    expect(store.getState().bottom).toBe('jobs');
    await press();
    expect(store.getState().bottom).toBe('jobs');
    await press();
    expect(store.getState().bottom).toBeNull();
    await press();
    await press();
    expect(store.getState().bottom).toBeNull();
  });
});

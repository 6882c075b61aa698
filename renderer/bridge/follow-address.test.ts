// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { sampleSnapshot } from '../../test/kit/designer/fake-studio.ts';
import { openSample } from '../../test/kit/designer/render.tsx';
import { until } from '../../test/kit/until.ts';
import { followAddress } from './follow-address.ts';

const here = 'project=%2Fprojects%2Fearthquakes&process=triage-quakes';
let end = () => {};
afterEach(() => end());

/** A window that follows its address, and what it does to the history of the browser. */
function follow() {
  const { store, studio } = openSample();
  history.replaceState(null, '', `#${here}`);
  end = followAddress(store);
  const steps = vi.spyOn(history, 'pushState');
  steps.mockClear();
  const back = (fragment: string) => {
    history.replaceState(null, '', `#${fragment}`);
    dispatchEvent(new PopStateEvent('popstate'));
  };
  return { store, studio, steps, back };
}

it('takes one step of the history for each place, and none on the way back or forward', async () => {
  const { store, steps, back } = follow();
  store.getState().show({ view: 'topics' });
  expect(steps).toHaveBeenCalledTimes(1);
  back(here);
  await until('the canvas is shown', () => store.getState().view === 'design');
  back(`${here}&view=topics&topic=quakes`);
  await until('the topic is shown', () => store.getState().browse.topic === 'quakes');
  await until('the address is settled', () => location.hash.endsWith('topic=quakes'));
  expect(steps).toHaveBeenCalledTimes(1);
});

it('leaves the history alone while another project is being opened, whatever happens meanwhile', async () => {
  const { store, studio, steps, back } = follow();
  let answer: (snapshot: unknown) => void = () => {};
  studio.handle('project.open', () => new Promise((resolve) => (answer = resolve)));
  back('project=%2Fprojects%2Fother&process=triage-quakes');
  store.getState().select({ activities: ['send'] });
  answer({ ...sampleSnapshot(), path: '/projects/other' });
  await until('the other project is shown', () => store.getState().projectPath === '/projects/other');
  await until('the address names it', () => location.hash.includes('other'));
  expect(steps).not.toHaveBeenCalled();
});

it('says again what is shown when the way back is refused', async () => {
  const { store, steps, back } = follow();
  store.getState().edit('Rename', (project) => ({ ...project, name: 'changed' }));
  back('project=%2Fprojects%2Fother');
  await until('it is refused', () => store.getState().notices.length > 0);
  await until('the address is the own one', () => location.hash.includes('earthquakes'));
  expect(steps).not.toHaveBeenCalled();
});

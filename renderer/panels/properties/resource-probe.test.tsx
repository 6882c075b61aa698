// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, expect, it } from 'vitest';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { setResourceConfig } from '../../edits/resources.ts';
import { useStudio } from '../../store/use-studio.ts';
import { ResourceProbe } from './resource-probe.tsx';

let page: Rendered | undefined;
afterEach(() => page?.unmount());

function Probe() {
  const resource = useStudio((state) => state.project?.resources.cluster);
  return resource === undefined ? null : <ResourceProbe resource={resource} />;
}

it('says what answers, why nothing does, and nothing more once the settings are others', async () => {
  const { store, studio } = openSample();
  store.setState({ connection: 'open' });
  page = await render(store, <Probe />);
  const words = () => page!.host.querySelector('[role=status]')?.textContent;
  await page.press(page.find('probe-button'));
  expect(words()).toBe('It answers: 3 brokers at 127.0.0.1:9091; controller 1.');
  expect(studio.calls.at(-1)).toEqual({
    name: 'resource.probe',
    params: { resource: { type: 'kafka.connection', name: 'Bundled cluster', config: {} } },
  });
  await act(async () => store.getState().edit('Other', setResourceConfig('cluster', 'cluster', 'servers')));
  expect(words()).toBe('');

  let refuse = (_error: Error) => {};
  studio.handle('resource.probe', () => new Promise((_resolve, reject) => (refuse = reject)));
  await page.press(page.find('probe-button'));
  expect(words()).toBe('Asking…');
  await act(async () => refuse(new Error('no broker answered')));
  expect(words()).toBe('no broker answered');

  await page.press(page.find('probe-button'));
  await act(async () => store.getState().edit('Other', setResourceConfig('cluster', 'cluster', 'bundled')));
  await act(async () => refuse(new Error('too late')));
  expect(words()).toBe('');
});

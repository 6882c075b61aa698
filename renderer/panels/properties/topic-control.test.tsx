// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JsonValue } from '../../../engine/model/json-value.ts';
import type { LookupField } from '../../../engine/spi/fields.ts';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { setResourceConfig } from '../../edits/resources.ts';
import { TopicControl } from './topic-control.tsx';

const field: LookupField = {
  ...{ kind: 'lookup', what: 'topic', of: 'connection' },
  ...{ label: 'Topic', help: '', required: true },
};
const ids = { id: 'topic', 'aria-describedby': undefined, 'aria-invalid': false, 'aria-required': true };

let page: Rendered | undefined;
afterEach(() => page?.unmount());

async function show(value: JsonValue | undefined, more: Partial<LookupField> = {}) {
  const sample = openSample();
  sample.store.setState({ connection: 'open', cluster: { state: 'running', bootstrap: null, brokers: [] } });
  const onChange = vi.fn<(value: JsonValue | undefined) => void>();
  const control = (
    <TopicControl ids={ids} field={{ ...field, ...more }} value={value} connection="cluster" onChange={onChange} />
  );
  page = await render(sample.store, control);
  return { ...sample, page, onChange, text: page.host.textContent ?? '' };
}

const button = (words: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent === words) ?? null;

describe('the field of a topic', () => {
  it('says that a topic is not in the cluster, what comes of it, and which one was meant', async () => {
    const { text, page, onChange } = await show('quaks');
    expect(text).toContain('quaks is not in the cluster: the bundled cluster makes it with its default partitions');
    expect(text).toContain('Did you mean quakes?');
    await page.press(button('quakes'));
    expect(onChange).toHaveBeenCalledWith('quakes');
  });

  it('says nothing of a topic that is there, of none, and of one whose name comes from a property', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
    for (const value of ['quakes', undefined, '${property:topic}', 'raw-${property:site}']) {
      const { page } = await show(value);
      expect(page.host.textContent).toBe('');
      page.unmount();
    }
  });

  it('says nothing of an optional one, which is made when it is needed', async () => {
    const { text } = await show('quakes.dead-letter', { required: false });
    expect(text).toBe('');
  });

  it('marks the one of several that is missing, and replaces only that', async () => {
    const { page, onChange } = await show(['quakes', 'quake-alert'], { multiple: true });
    expect(page.host.querySelector('.chip.is-warning')?.textContent).toBe('quake-alert');
    await page.press(button('quake-alerts'));
    expect(onChange).toHaveBeenCalledWith(['quakes', 'quake-alerts']);
  });

  it('says of another cluster that the process does not start', async () => {
    const { store, page } = await show('quaks');
    await act(async () => {
      store.getState().edit('Other cluster', setResourceConfig('cluster', 'cluster', 'servers'));
    });
    expect(page.host.textContent).toContain('quaks is not in the cluster: the process does not start without it.');
  });

  it('says nothing while the topics are not known', async () => {
    const { store, studio, page } = await show('quakes');
    studio.handle('resource.browse', () => {
      throw new Error('no broker answers');
    });
    await act(async () => store.setState({ run: { ...store.getState().run, state: 'running' } }));
    expect(page.host.textContent).toBe('');
  });

  it('makes the topic from its list, with the name filled in', async () => {
    const { studio, page, onChange } = await show('quaks');
    studio.handle('topics.create', () => ({}));
    const input = page.host.querySelector<HTMLInputElement>('input')!;
    await page.press(input);
    const rows = [...document.querySelectorAll('[role=option]')];
    expect(rows.at(-1)?.textContent).toBe('Create topic quaks…');
    const press = (key: string) =>
      act(async () => input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
    await press('ArrowUp');
    await press('Enter');
    const name = document.querySelector<HTMLInputElement>('[data-field="topic-name"] input');
    expect(name?.value).toBe('quaks');
    await page.press(button('Create'));
    expect(studio.calls).toContainEqual(
      expect.objectContaining({
        name: 'topics.create',
        params: expect.objectContaining({ name: 'quaks', partitions: 3 }),
      }),
    );
    expect(onChange).toHaveBeenLastCalledWith('quaks');
    expect(document.querySelector('dialog')).toBeNull();
  });
});

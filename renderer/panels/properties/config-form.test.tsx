// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Problem } from '../../../engine/model/problem.ts';
import { defineActivity } from '../../../engine/spi/define-activity.ts';
import type { Rendered } from '../../../test/kit/designer/render.tsx';
import { openSample, render } from '../../../test/kit/designer/render.tsx';
import { ConfigForm } from './config-form.tsx';

const declaration = defineActivity({
  type: 'test.all-fields',
  title: 'All fields',
  group: 'Test',
  kind: 'activity',
  summary: 'Has a field of every kind.',
  keywords: [],
  suggestedId: 'all',
  config: {
    name: { kind: 'text', label: 'Name', help: 'A name.', default: 'someone', required: true },
    waitMs: { kind: 'number', label: 'Wait', help: 'A pause.', default: 500, min: 0, max: 1000, unit: 'ms' },
    isOn: { kind: 'boolean', label: 'On', help: 'A switch.', default: false },
    mode: {
      kind: 'choice',
      label: 'Mode',
      help: 'A choice.',
      default: 'a',
      choices: [
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
    },
    detail: { kind: 'text', label: 'Detail', help: 'For B.', visibleWhen: { field: 'mode', is: ['b'] } },
    connection: { kind: 'resource', label: 'Connection', help: 'A cluster.', resourceType: 'kafka.connection' },
    topic: { kind: 'lookup', what: 'topic', of: 'connection', label: 'Topic', help: 'A topic.' },
    labels: { kind: 'keyValue', label: 'Labels', help: 'Pairs.' },
    limit: { kind: 'number', label: 'Limit', help: 'A bound.', default: 9, min: 1, max: 99, section: 'Advanced' },
  },
  input: {},
  output: { type: 'null' },
  faults: [],
});

let page: Rendered | undefined;
afterEach(() => page?.unmount());

async function show(config = {}, problems: readonly Problem[] = []) {
  const onChange = vi.fn();
  const { store, studio } = openSample();
  page = await render(
    store,
    <ConfigForm fields={declaration.config} config={config} problems={problems} onChange={onChange} />,
  );
  return { page, onChange, store, studio };
}

describe('the form made from a declaration', () => {
  it('has a labelled control with help for each field that counts', async () => {
    const { page } = await show();
    const labels = [...page.host.querySelectorAll('label')].map((label) => label.textContent);
    expect(labels).toEqual(['Name required', 'Wait', 'On', 'Mode', 'Connection', 'Topic', 'Labels']);
    expect(page.find('field-name').textContent).toContain('A name.');
    const input = page.find('field-name').querySelector('input');
    expect(page.host.querySelector(`label[for="${input?.id}"]`)).not.toBeNull();
  });

  it('shows defaults as placeholders and chosen values', async () => {
    const { page } = await show();
    expect(page.find('field-name').querySelector('input')?.placeholder).toBe('someone');
    expect(page.find('field-waitMs').querySelector('input')?.placeholder).toBe('500');
    expect(page.find('field-mode').querySelector('select')?.value).toBe('a');
  });

  it('shows a field while another one has the value that it wants', async () => {
    const { page } = await show({ mode: 'b' });
    expect(page.find('field-detail')).toBeTruthy();
  });

  it('reports what is typed, as the type of the field', async () => {
    const { page, onChange } = await show();
    await page.type(page.find('field-name').querySelector('input'), 'me');
    await page.type(page.find('field-waitMs').querySelector('input'), '250');
    await page.press(page.find('field-isOn').querySelector('input'));
    await page.type(page.find('field-mode').querySelector('select'), 'b');
    expect(onChange.mock.calls).toEqual([
      ['name', 'me'],
      ['waitMs', 250],
      ['isOn', true],
      ['mode', 'b'],
    ]);
  });

  it('does not store what equals the default or is empty', async () => {
    const { page, onChange } = await show({ name: 'me', waitMs: 250 });
    await page.type(page.find('field-name').querySelector('input'), '');
    await page.type(page.find('field-waitMs').querySelector('input'), '500');
    expect(onChange.mock.calls).toEqual([
      ['name', undefined],
      ['waitMs', undefined],
    ]);
  });

  it('puts a problem beside its field', async () => {
    const problem: Problem = { severity: 'error', code: 'X', message: 'is wrong', field: 'config.name' };
    const { page } = await show({}, [problem]);
    expect(page.find('field-name').querySelector('[role=alert]')?.textContent).toBe('is wrong');
    expect(page.find('field-name').querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
  });

  it('folds Advanced away, unless a problem is in it', async () => {
    const folded = await show();
    expect(folded.page.host.textContent).not.toContain('Limit');
    folded.page.unmount();
    const { page } = await show({}, [{ severity: 'error', code: 'X', message: 'no', field: 'config.limit' }]);
    expect(page.host.textContent).toContain('Limit');
  });

  it('asks the cluster behind the connection for topics when the list opens', async () => {
    const { page, onChange, studio } = await show({ connection: 'cluster' });
    await page.press(page.find('field-topic').querySelector('input'));
    const resource = { type: 'kafka.connection', name: 'Bundled cluster', config: {} };
    expect(studio.calls).toContainEqual({ name: 'resource.browse', params: { resource, what: 'topic' } });
    const options = [...document.querySelectorAll('[role=option]')].map((option) => option.textContent);
    expect(options[0]).toBe('quakes3 partitions');
    await page.type(page.find('field-topic').querySelector('input'), 'my-own');
    expect(onChange).toHaveBeenCalledWith('topic', 'my-own');
  });

  it('makes a new resource from its list', async () => {
    const { page, onChange, store } = await show();
    await page.type(page.find('field-connection').querySelector('select'), ' new');
    expect(onChange).toHaveBeenCalledWith('connection', 'cluster2');
    expect(store.getState().project?.resources.cluster2?.type).toBe('kafka.connection');
  });
});

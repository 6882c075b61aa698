import { describe, expect, it } from 'vitest';
import type { Activity, Process, Project } from '../../model/document.ts';
import { snapshotPayload } from '../../run/payload-snapshot.ts';
import type { ActivityRun, JobDetail } from '../contract.ts';
import type { NewestEvent, SampleSources } from './sample-context.ts';
import { sampleContext } from './sample-context.ts';

const activity = (id: string, type: string): Activity => ({ id, name: id, type, config: {}, input: {} });
const process: Process = {
  id: 'main',
  name: 'Main',
  activities: {
    receive: activity('receive', 'kafka.receive-message'),
    shape: activity('shape', 'general.mapper'),
    send: activity('send', 'kafka.send-message'),
  },
  transitions: [
    { id: 'a', from: 'receive', to: 'shape', kind: 'success' },
    { id: 'b', from: 'shape', to: 'send', kind: 'success' },
  ],
  layout: { positions: {} },
};
const project = {
  properties: { limit: { type: 'number', default: 5 } },
  processes: { main: process },
} as unknown as Project;

const ran = (id: string, output: unknown, state: ActivityRun['state'] = 'completed'): ActivityRun => ({
  execution: 0,
  parent: null,
  activity: id,
  state,
  startedAtMs: 1,
  durationMs: 1,
  input: null,
  output,
  truncated: false,
  failure: null,
});

function sources(jobs: readonly (readonly ActivityRun[])[], event?: NewestEvent): SampleSources {
  const details = jobs.map((activities, index) => ({
    ...{ id: String(index), process: 'main', state: 'completed', startedAtMs: 1, durationMs: 1 },
    ...{ origin: `quakes[0] @ ${index}`, record: null, failure: null, activities, transitions: [] },
  })) as JobDetail[];
  return {
    jobs: async () => details,
    job: async (id) => details[Number(id)]!,
    newestEvent: async ({ type }) => (type === 'kafka.receive-message' ? event : undefined),
  };
}

const sample = (from: SampleSources) => sampleContext({ project, process, activity: 'send' }, from);

describe('sampleContext', () => {
  it('passes over outputs that could not be made, so that a preview gives no value where a run fails', async () => {
    const { value: output } = snapshotPayload({
      get value() {
        throw new Error('Value: expected JSON, found "x"');
      },
    });
    const { context, reason } = await sample(
      sources([[ran('receive', output)]], { reason: 'the newest cannot be read' }),
    );
    expect(context.receive).toBe(null);
    expect(reason).toBe('the newest cannot be read');
  });

  it('says that a sample is cut', async () => {
    const cut = { ...ran('receive', { value: 'x... (cut, 20000 characters)' }), truncated: true };
    expect((await sample(sources([[cut]]))).source).toBe('Job from quakes[0] @ 0, large parts of it cut');
    expect((await sample(sources([[ran('receive', 1)]]))).source).toBe('Job from quakes[0] @ 0');
  });

  it('takes the outputs of the job that ran most of what comes before', async () => {
    const partial = [ran('receive', 1), ran('shape', null, 'skipped')];
    const whole = [ran('receive', 2), ran('shape', { a: 1 }), ran('send', 'after')];
    const { context, source } = await sample(sources([partial, whole]));
    expect(context).toMatchObject({ receive: 2, shape: { a: 1 }, properties: { limit: 5 } });
    expect(context).not.toHaveProperty('send');
    expect(source).toBe('Job from quakes[0] @ 1');
  });

  it('else takes the newest event of the starter', async () => {
    const { context, source } = await sample(
      sources([], { found: { output: { value: 42 }, origin: 'Newest message' } }),
    );
    expect(context).toMatchObject({ receive: { value: 42 }, shape: null });
    expect(source).toBe('Newest message');
  });

  it('shows a starter its own newest event, and says of what nothing leads to that it has not run', async () => {
    const event = { found: { output: { value: 42 }, origin: 'Newest message' } };
    const own = await sampleContext({ project, process, activity: 'receive' }, sources([], event));
    expect(own).toMatchObject({ context: { receive: { value: 42 } }, source: 'Newest message' });
    const alone = { ...process, transitions: [] };
    const none = await sampleContext({ project, process: alone, activity: 'send' }, sources([], event));
    expect(none).toMatchObject({ source: null, reason: 'send has not run yet' });
  });

  it('says that nothing is known, and why', async () => {
    const nothing = { context: { receive: null, shape: null }, source: null };
    expect(await sample(sources([]))).toMatchObject({ ...nothing, reason: expect.stringContaining('no job') });
    const reason = 'the newest message, quakes[0] @ 3, cannot be read: expected JSON';
    expect(await sample(sources([], { reason }))).toMatchObject({ ...nothing, reason });
  });

  it('takes nothing from an activity whose output could not be read', async () => {
    const reason = 'topic quakes holds no message';
    expect(await sample(sources([[ran('receive', 'not JSON', 'failed')]], { reason }))).toMatchObject({
      source: null,
      reason,
    });
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activity, Bench, projectOf, starter, wire, work } from '../../test/kit/run-bench.ts';
import { MemoryDisk } from '../base/testing/memory-disk.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { defineActivity } from '../spi/define-activity.ts';
import { activityRuntime } from '../spi/define-runtime.ts';
import { createRun } from './create-run.ts';
import { projectState } from './project-state.ts';
import { StateFile, stateBytesMax } from './state-file.ts';

const answer = defineActivity({
  ...{ type: 'test.answer', title: 'Answer', group: 'Test', kind: 'activity', summary: '', keywords: [] },
  ...{ suggestedId: 'answer', config: {}, input: {}, openInput: true, output: { type: 'null' }, faults: [] },
  abilities: ['reply'],
});
/** `job.event` has what the declaration asks for, and nothing else. */
const answering = activityRuntime(answer, () => ({ execute: (input, job) => job.event.reply(input) }));

const project = projectOf({
  activities: {
    start: activity('start', starter.type),
    map: activity('map', work.type, { input: { doubled: 'start.n * 2' } }),
    answer: activity('answer', answer.type, { input: { result: 'map.doubled' } }),
  },
  transitions: [wire('start', 'map'), wire('map', 'answer')],
});

function benchWith(offered: readonly 'reply'[]) {
  const bench = new Bench();
  const catalog = new Map([
    ...bench.catalog,
    [answer.type, answer],
    [starter.type, { ...starter, abilities: offered }],
  ]);
  const runtimes = { ...bench.runtimes, [answer.type]: async () => answering as never };
  return { bench, run: createRun(project, bench.options({ catalog, runtimes })) };
}

describe('the event of a job', () => {
  it('can be answered by an activity where its starter offers that', async () => {
    const { bench, run } = benchWith(['reply']);
    await run.start();
    const answers: unknown[] = [];
    bench.emit({ n: 4 }, { reply: async (output) => void answers.push(output) });
    await new Promise((resolve) => setImmediate(resolve));
    expect([answers, bench.outcomes.length]).toEqual([[{ result: 8 }], 1]);
    await run.stop();
  });

  it('is asked for nothing that its starter does not offer: such a process is not started', async () => {
    const { run } = benchWith([]);
    await expect(run.start()).rejects.toThrow('answer needs a process starter whose events can be answered');
  });
});

it('a job that went well hands its starter what its activities gave, by their ids', async () => {
  const bench = new Bench();
  const run = createRun(projectOf({}), bench.options());
  await run.start();
  bench.emit({ n: 4 });
  expect(bench.outcomes).toMatchObject([{ ok: true, output: { start: { n: 4 }, map: { doubled: 8 } } }]);
  await run.stop();
});

describe('what an activity keeps', () => {
  const place = { disk: new MemoryDisk(new SeededRandom(1)), folder: '/project/.millrace/state' };

  it('is there for the next run, for the activity alone', () => {
    const first = new StateFile(place, 'flow.read');
    first.set('offset', { file: 'a.csv', at: 17 });
    first.set('gone', 1);
    first.set('gone', undefined);
    const next = new StateFile(place, 'flow.read');
    expect([next.get('offset'), next.get('gone'), next.get('toString')]).toEqual([
      { file: 'a.csv', at: 17 },
      undefined,
      undefined,
    ]);
    expect(new StateFile(place, 'flow.other').get('offset')).toBeUndefined();
  });

  it('has a bound, and a write beyond it changes nothing', () => {
    const state = new StateFile(place, 'flow.large');
    state.set('a', 1);
    expect(() => state.set('b', 'x'.repeat(stateBytesMax))).toThrow(`expected at most ${stateBytesMax} bytes`);
    expect([state.get('a'), state.get('b'), new StateFile(place, 'flow.large').get('a')]).toEqual([1, undefined, 1]);
  });

  it('is not taken for nothing when it cannot be read', () => {
    place.disk.writeFileAtomic('/project/.millrace/state/flow.torn.json', Buffer.from('{"a"'));
    expect(() => new StateFile(place, 'flow.torn').get('a')).toThrow('expected a JSON object in');
  });

  it('is written apart from what another run of the project is writing at that moment', () => {
    const project = mkdtempSync(join(tmpdir(), 'millrace-state-'));
    try {
      const own = projectState(project);
      own.disk.makeFolder(own.folder);
      const others = join(own.folder, 'flow.read.json.tmp');
      writeFileSync(others, '{"offset":');
      new StateFile(own, 'flow.read').set('offset', 17);
      expect(readFileSync(others, 'utf8')).toBe('{"offset":');
      expect(new StateFile(projectState(project), 'flow.read').get('offset')).toBe(17);
      expect(readdirSync(own.folder)).toEqual(['flow.read.json', 'flow.read.json.tmp']);
    } finally {
      rmSync(project, { recursive: true });
    }
  });

  it('lasts as long as the run where there is no folder', () => {
    const state = new StateFile(undefined, 'flow.read');
    state.set('a', [1]);
    expect(state.get('a')).toEqual([1]);
  });
});

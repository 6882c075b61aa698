import { expect, it } from 'vitest';
import { inside, processOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('does not run by itself, and undoes each iteration of a loop over what that gave', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['scope', 'general.scope'],
        ['each', 'general.for-each', inside('scope', { input: { items: 'start.lines' } })],
        ['book', work.type, inside('each', { input: { book: 'each.item' } })],
        ['undo', 'general.compensation', inside('each')],
        ['cancel', work.type, inside('each', { input: { cancel: 'book.book' } })],
        ['check', work.type, inside('scope', { input: { check: 'start.n' } })],
        ['catch', 'general.catch', inside('scope')],
        ['compensate', 'general.compensate', inside('scope')],
      ],
      [wire('start', 'scope'), wire('undo', 'cancel'), wire('each', 'check'), wire('catch', 'compensate')],
    ),
  ]);
  bench.work = (input) => {
    if (input.check === 1) throw new Error('no');
    return input;
  };
  bench.emit({ n: 0, lines: ['a', 'b'] });
  expect(bench.executed).toEqual([{ book: 'a' }, { book: 'b' }, { check: 0 }]);
  bench.emit({ n: 1, lines: ['a', 'b'] });
  expect(bench.executed.slice(3)).toEqual([
    { book: 'a' },
    { book: 'b' },
    { check: 1 },
    { cancel: 'b' },
    { cancel: 'a' },
  ]);
  await run.stop();
});

import { expect, it } from 'vitest';
import { inside, processOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('undoes what has completed, the last first, behind a catch', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['trip', 'general.scope'],
        ['hotel', 'general.scope', inside('trip')],
        ['bookHotel', work.type, inside('hotel', { input: { book: '"hotel"' } })],
        ['undoHotel', 'general.compensation', inside('hotel')],
        ['cancelHotel', work.type, inside('hotel', { input: { cancel: 'bookHotel.book' } })],
        ['car', 'general.scope', inside('trip')],
        ['bookCar', work.type, inside('car', { input: { book: '"car"' } })],
        ['undoCar', 'general.compensation', inside('car')],
        ['cancelCar', work.type, inside('car', { input: { cancel: 'bookCar.book' } })],
        ['pay', 'general.throw', inside('trip', { config: { code: 'NO_MONEY' }, input: { message: '"poor"' } })],
        ['catch', 'general.catch', inside('trip', { config: { codes: 'NO_*' } })],
        ['compensate', 'general.compensate', inside('trip')],
        ['last', work.type, { input: { undone: 'trip.compensate.undone', why: 'trip.error.code' } }],
      ],
      [
        wire('start', 'trip'),
        wire('hotel', 'car'),
        wire('car', 'pay'),
        wire('undoHotel', 'cancelHotel'),
        wire('undoCar', 'cancelCar'),
        wire('catch', 'compensate'),
        wire('trip', 'last'),
      ],
    ),
  ]);
  bench.emit({ n: 1 });
  expect(bench.executed).toEqual([
    { book: 'hotel' },
    { book: 'car' },
    { cancel: 'car' },
    { cancel: 'hotel' },
    { undone: 2, why: 'NO_MONEY' },
  ]);
  await run.stop();
});

import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { compileExpression } from '../compile-expression.ts';

const host = { clock: { now: () => 0 }, random: { next: () => 0.5 } };

async function millisOf(text: string, picture: string): Promise<unknown> {
  const compiled = compileExpression('$toMillis(text, picture)', host);
  if (!compiled.ok) throw compiled.error;
  return compiled.value.evaluate({ text, picture });
}

describe('a date or time that does not exist is a fault', () => {
  it.each([
    ['29/02/2023', '[D]/[M]/[Y]'],
    ['31.04.2024', '[D01].[M01].[Y0001]'],
    ['20230229', '[Y0001][M01][D01]'],
    ['0/1/2024', '[D]/[M]/[Y]'],
    ['1/0/2024', '[D]/[M]/[Y]'],
    ['1/13/2024', '[D]/[M]/[Y]'],
    ['32nd January 2024', '[D1o] [MNn] [Y]'],
    ['29 February 2023', '[D] [MNn] [Y]'],
    ['29 Feb 2023', '[D] [MNn,*-3] [Y]'],
    ['1 Foo 2024', '[D] [MNn] [Y]'],
    ['1 Janu 2024', '[D] [MNn] [Y]'],
    ['366 2023', '[d] [Y]'],
    ['0 2023', '[d] [Y]'],
    ['2023-367', '[Y]-[d001]'],
    ['Monday, 27 November 2026', '[FNn], [D] [MNn] [Y]'],
    ['Moonday, 27 November 2026', '[FNn], [D] [MNn] [Y]'],
    ['2024-01-01 25:00', '[Y]-[M]-[D] [H]:[m]'],
    ['2024-01-01 24:01', '[Y]-[M]-[D] [H]:[m]'],
    ['2024-01-01 12:60', '[Y]-[M]-[D] [H]:[m]'],
    ['2024-01-01 12:00:60', '[Y]-[M]-[D] [H]:[m]:[s]'],
    ['2024-01-01 13:00 pm', '[Y]-[M]-[D] [h]:[m] [P]'],
    ['2024-01-01 0:00 am', '[Y]-[M]-[D] [h]:[m] [P]'],
    ['2024-01-01 1:00 xm', '[Y]-[M]-[D] [h]:[m] [P]'],
    ['2024-01-01 12:00+25:00', '[Y]-[M]-[D] [H]:[m][Z]'],
    ['2024-01-01 12:00+05:99', '[Y]-[M]-[D] [H]:[m][Z]'],
    ['2024-01-01 12:00 GMT+24:00', '[Y]-[M]-[D] [H]:[m] [z]'],
    ['29/02/2023 +01:00', '[D]/[M]/[Y] [Z]'],
    ['twenty-ninth of february 2023', '[Dwo] of [MNn] [Y]'],
    ['XXXI IV MMXXIV', '[DI] [MI] [YI]'],
    ['0050-01-01', '[Y0001]-[M01]-[D01]'],
  ])('%s as %s', async (text, picture) => {
    await expect((async () => millisOf(text, picture))()).rejects.toMatchObject({
      reason: expect.stringMatching(/^D3110|D3136$/),
    });
  });
});

describe('a date that exists is read', () => {
  it.each([
    ['29/02/2024', '[D]/[M]/[Y]', '2024-02-29T00:00:00.000Z'],
    ['366 2024', '[d] [Y]', '2024-12-31T00:00:00.000Z'],
    ['1st JANUARY 2024', '[D1o] [MN] [Y]', '2024-01-01T00:00:00.000Z'],
    ['1 jan 2024', '[D] [Mn,*-3] [Y]', '2024-01-01T00:00:00.000Z'],
    ['Friday, 27 November 2026', '[FNn], [D] [MNn] [Y]', '2026-11-27T00:00:00.000Z'],
    ['2024-01-01 24:00', '[Y]-[M]-[D] [H]:[m]', '2024-01-02T00:00:00.000Z'],
    ['2024-01-01 12:30 Am', '[Y]-[M]-[D] [h]:[m] [PNn]', '2024-01-01T00:30:00.000Z'],
    ['2024-01-01 12:30 PM', '[Y]-[M]-[D] [h]:[m] [P]', '2024-01-01T12:30:00.000Z'],
    ['2024-01-01 12:00-03:30', '[Y]-[M]-[D] [H]:[m][Z]', '2024-01-01T15:30:00.000Z'],
    ['2024-01-01 12:00-0030', '[Y]-[M]-[D] [H]:[m][Z0101]', '2024-01-01T12:30:00.000Z'],
    ['2024-01-01 00:30 GMT+05:30', '[Y]-[M]-[D] [H]:[m] [z]', '2023-12-31T19:00:00.000Z'],
    ['twenty-ninth of february 2024', '[Dwo] of [MNn] [Y]', '2024-02-29T00:00:00.000Z'],
    ['XXX IV MMXXIV', '[DI] [MI] [YI]', '2024-04-30T00:00:00.000Z'],
    ['[2024] 1', '[[[Y]]] [M]', '2024-01-01T00:00:00.000Z'],
    ['01/02/23', '[D01]/[M01]/[Y01]', '1923-02-01T00:00:00.000Z'],
    ['2024-01-01T10:20:30.5', '[Y]-[M01]-[D01]T[H01]:[m01]:[s01].[f1]', '2024-01-01T10:20:30.500Z'],
  ])('%s as %s', async (text, picture, moment) => {
    expect(new Date((await millisOf(text, picture)) as number).toISOString()).toBe(moment);
  });

  it('as the library reads it, for random moments and pictures (seed 5)', async () => {
    const random = new SeededRandom(5);
    const pick = (list: readonly string[]) => list[Math.floor(random.next() * list.length)]!;
    const dates = [
      '[Y0001]-[M01]-[D01]',
      '[D]/[M]/[Y]',
      '[D1o] [MNn] [Y]',
      '[FNn], [D01] [MNn,*-3] [Y]',
      '[Y]-[d001]',
      '[Y0001][M01][D01]',
      '[Dwo] of [MNn] [Yw]',
      '[DI].[MI].[YI]',
      '[Da]-[MA]-[Y]',
    ];
    const times = [
      '',
      ' [H01]:[m01]',
      ' [H]:[m]:[s].[f001]',
      ' [h]:[m01] [P]',
      ' [h]:[m]:[s] [PN]',
      ' [H01]:[m01][Z]',
      ' [H01][m01][Z0101]',
      ' at [h] [P] [z]',
    ];
    for (let round = 0; round < 300; round++) {
      const picture = pick(dates) + pick(times);
      const millis = Math.floor(random.next() * 4e12) - 1e12;
      const text: unknown = await jsonata('$fromMillis(m, p, "+0200")').evaluate({ m: millis, p: picture });
      const outcome = async (read: () => Promise<unknown>) => read().catch(({ code }) => `fault ${String(code)}`);
      const library = await outcome(() => jsonata('$toMillis(t, p)').evaluate({ t: text, p: picture }));
      const found = await outcome(() => millisOf(String(text), picture));
      expect(String(found).startsWith('fault'), `${String(text)} as ${picture}`).toBe(
        String(library).startsWith('fault'),
      );
      if (typeof library === 'number') expect(found, `${String(text)} as ${picture}`).toBe(library);
    }
  });

  it('and one that is written in another way than its picture is nothing', async () => {
    expect(await millisOf('2024-01-01', '[D]/[M]/[Y]')).toBeUndefined();
  });
});

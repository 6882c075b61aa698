import { describe, expect, it } from 'vitest';
import type { CompiledExpression } from '../compile-expression.ts';
import { compileExpression } from '../compile-expression.ts';

const clock = {
  now: () => 0,
  monotonic: () => performance.now(),
  soon: (callback: () => void) => void setImmediate(callback),
};
const host = { clock, random: { next: () => 0.5 } };

function compiled(text: string): CompiledExpression {
  const result = compileExpression(text, host);
  if (!result.ok) throw result.error;
  return result.value;
}

it.each([
  ['[[Z]] [Y]', '[Z] 1969'],
  ['[[[Z]]] [Y]', '[-03:30] 1969'],
  ['[Y][Z]', '1969-03:30'],
])('a picture may hold brackets around its zone: %s', async (picture, shown) => {
  expect(await compiled('$fromMillis(0, picture, "-0330")').evaluate({ picture })).toBe(shown);
});

describe('a long list', () => {
  const rows = Array.from({ length: 3_000 }, (_, at) => ({ k: `k${at}`, v: at }));

  it('is grouped into as many groups as it has', async () => {
    const grouped = (await compiled('rows{k: v}').evaluate({ rows })) as object;
    expect(Object.keys(grouped)).toHaveLength(3_000);
  });

  it('is sorted and freed of duplicates without going through all of it for each item', async () => {
    const numbers = Array.from({ length: 100_000 }, (_, at) => (at * 7_919) % 50_000);
    expect(await compiled('$count($distinct(numbers))').evaluate({ numbers })).toBe(50_000);
    expect(await compiled('$sort(numbers)[[0..3]]').evaluate({ numbers })).toEqual([0, 0, 1, 1]);
    expect(await compiled('$sort(rows, function($a, $b) { $a.v < $b.v })[0].v').evaluate({ rows })).toBe(2_999);
  });
});

describe('an expression that does not end', () => {
  it('is cut, and everything else goes on meanwhile', async () => {
    let ticks = 0;
    let last = performance.now();
    let longest = 0;
    const timer = setInterval(() => {
      ticks++;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const endless = compiled('($f := function($x) { $f($x + 1) }; $f(0))').evaluate({});
    await expect(endless).rejects.toMatchObject({ code: 'EXPRESSION_FAILED', reason: 'D1012' });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
    expect(longest).toBeLessThan(2_000);
  }, 60_000);

  it('is cut also where it nests itself', async () => {
    await expect(compiled('($f := function($x) { 1 + $f($x) }; $f(0))').evaluate({})).rejects.toMatchObject({
      reason: 'D1011',
    });
    await expect(compiled('($t := "$eval($t)"; $eval($t))').evaluate({})).rejects.toMatchObject({
      code: 'EXPRESSION_FAILED',
    });
  });

  it.each(['$contains(s, /^(a+)+$/)', '$match(s, /^(a+)+$/)', '$replace(s, /(a|a)*b/, "")', '$split(s, /(a*)*,/)'])(
    '%s takes no time to speak of',
    async (text) => {
      const s = `${'a'.repeat(5_000)}!`;
      const before = performance.now();
      await compiled(text).evaluate({ s });
      expect(performance.now() - before).toBeLessThan(2_000);
    },
  );

  it.each([
    ['$contains(s, /(?=a)b/)', 20],
    ['$replace(s, /(a)\\1/, "")', 18],
  ])('refuses what cannot be promised to end: %s', (text) => {
    const result = compileExpression(text, host);
    if (result.ok) throw new Error('compiled');
    expect(result.error).toMatchObject({ code: 'EXPRESSION_SYNTAX', reason: 'REGEX_UNSUPPORTED' });
    expect(result.error.message).toContain('expected a pattern without look-around and back-references');
    expect(result.error.position).toBeGreaterThan(10);
  });
});

describe('time zones', () => {
  const at = '1609459200000';
  it.each([
    [`$fromMillis(${at}, (), "+05:00")`, '2021-01-01T05:00:00.000+05:00'],
    [`$fromMillis(${at}, (), "+0530")`, '2021-01-01T05:30:00.000+05:30'],
    [`$fromMillis(${at}, "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01][Z]", "-0330")`, '2020-12-31T20:30:00-03:30'],
    [`$fromMillis(${at}, "[H01]:[m01] [z]", "-03:30")`, '20:30 GMT-03:30'],
    [`$fromMillis(${at}, "[H01]:[m01]", "Europe/Berlin")`, '01:00'],
    ['$fromMillis(1625140800000, "[H01]:[m01][Z]", "Europe/Berlin")', '14:00+02:00'],
    [`$fromMillis(${at}, "[H01]:[m01]", "Asia/Kathmandu")`, '05:45'],
    [`$fromMillis(${at}, "[H01]:[m01]", "America/St_Johns")`, '20:30'],
    [`$fromMillis(${at}, (), "Z")`, '2021-01-01T00:00:00.000Z'],
    ['$now("[H01]:[m01]", "America/New_York")', '19:00'],
    ['$toMillis("2024-01-01T00:00:00")', 1_704_067_200_000],
    ['$toMillis("2024-01-01T00:00:00+05:00")', 1_704_049_200_000],
    ['$toMillis("2024-01-01T00:00:00-0330")', 1_704_079_800_000],
    ['$toMillis("2024-01-01T24:00:00")', 1_704_153_600_000],
    ['$toMillis("20240101123849", "[Y0000][M00][D00][H00][m00][s00]")', 1_704_112_729_000],
  ])('%s gives %s on every machine', async (text, expected) => {
    const zone = process.env.TZ;
    for (const TZ of ['UTC', 'America/New_York']) {
      process.env.TZ = TZ;
      expect(await compiled(text).evaluate({})).toBe(expected);
      expect(await compiled(`$map([1], function($x) { ${text} })`).evaluate({})).toBe(expected);
    }
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    `$fromMillis(${at}, (), "Nowhere/Else")`,
    `$fromMillis(${at}, (), "+25:00")`,
    '$toMillis("2024-13-01")',
    '$toMillis("2024-02-30")',
    '$toMillis("2023-02-29T00:00:00Z")',
    '$toMillis("20240230", "[Y0001][M01][D01]")',
    '$fromMillis(1e20, "[Y]")',
  ])('%s is a fault', async (text) => {
    await expect((async () => compiled(text).evaluate({}))()).rejects.toMatchObject({ code: 'EXPRESSION_FAILED' });
    const inside = compiled(`$map([1], function($x) { ${text} })`).evaluate({});
    await expect(inside).rejects.toMatchObject({ code: 'EXPRESSION_FAILED' });
  });
});

describe('results', () => {
  it('hold no functions inside', async () => {
    await expect(compiled('{"f": function($x) { $x }}').evaluate({})).rejects.toMatchObject({
      reason: 'DATA_EXPECTED',
    });
    await expect(compiled('[$sum]').evaluate({})).rejects.toMatchObject({ reason: 'DATA_EXPECTED' });
    expect(typeof (await compiled('function($x) { $x }').evaluate({}))).toBe('function');
  });

  it('are the data itself where nothing was made', async () => {
    const data = { a: [{ b: 1 }] };
    expect(await compiled('($x := a; $x)').evaluate(data)).toBe(data.a);
    expect(await compiled('$eval("a")').evaluate(data)).toEqual(data.a);
  });
});

import { describe, expect, it } from 'vitest';
import type { CompiledExpression } from './compile-expression.ts';
import { compileExpression } from './compile-expression.ts';

const host = { clock: { now: () => Date.UTC(2026, 10, 22, 10, 0, 0) }, random: { next: () => 0.25 } };

function compiled(text: string): CompiledExpression {
  const result = compileExpression(text, host);
  if (!result.ok) throw result.error;
  return result.value;
}

const data = {
  receive: {
    topic: 'quakes',
    offset: 7,
    value: {
      id: 'us1',
      properties: { mag: 4.6, place: '10 km N of Adak, Alaska', tsunami: 1, time: 1_517_870_000_000 },
      geometry: { coordinates: [-176.6, 51.9, 35] },
    },
  },
  names: ['Anna', 'Bert'],
  'odd name': { x: 1 },
};

describe('compileExpression', () => {
  it.each([
    ['receive.value.properties.mag >= 4.5', true],
    ['receive.value.properties.mag >= 4.5 and receive.value.properties.tsunami = 1', true],
    ['receive.value.geometry.coordinates[2]', 35],
    ['receive.value.geometry.coordinates', [-176.6, 51.9, 35]],
    ['$uppercase(receive.topic) & "-" & receive.offset', 'QUAKES-7'],
    ['{"id": receive.value.id, "gone": receive.value.gone}', { id: 'us1' }],
    ['receive.gone.deeper ?? "none"', 'none'],
    ['$contains(receive.value.properties.place, /alaska/i)', true],
    ['$fromMillis(receive.value.properties.time)', '2018-02-05T22:33:20.000Z'],
    ['$toMillis($now()) = $millis()', true],
    ['names.$substring(0, 2)', ['An', 'Be']],
    ['names[$ = "Bert"]', 'Bert'],
    ['`odd name`.x', 1],
    ['$replace("a-b-c", "-", "+", 1)', 'a+b-c'],
    ['$now()[0] & $string({}, true)', '2026-11-22T10:00:00.000Z{}'],
    ['$random()', 0.25],
    ['receive.toString', undefined],
  ])('%s runs at once and gives %j', (text, expected) => {
    const expression = compiled(text);
    expect(expression.isSync).toBe(true);
    expect(expression.evaluate(data)).toEqual(expected);
  });

  it.each([
    ['$map(names, function($n) { $n & "!" })', ['Anna!', 'Bert!']],
    ['( $m := receive.value.properties.mag; $m * 2 )', 9.2],
    ['$now("[Y0001]")', '2026'],
    ['names^(>$)', ['Bert', 'Anna']],
  ])('%s is left to the interpreter and gives %j', async (text, expected) => {
    const expression = compiled(text);
    expect(expression.isSync).toBe(false);
    expect(await expression.evaluate(data)).toEqual(expected);
  });

  it('takes a list as the whole context by the interpreter’s rules', async () => {
    expect(await compiled('a').evaluate([{ a: 1 }, { a: 2 }])).toEqual([1, 2]);
  });

  it('reads a lazy field only when the expression does', () => {
    let reads = 0;
    const lazy = {
      receive: {
        topic: 'quakes',
        get value() {
          reads++;
          return { id: 1 };
        },
      },
    };
    expect(compiled('receive.topic').evaluate(lazy)).toBe('quakes');
    expect(reads).toBe(0);
    expect(compiled('receive.value.id').evaluate(lazy)).toBe(1);
    expect(reads).toBe(1);
  });

  it.each([
    ['receive.topic + 1', 'T2001', 'expected a number to the left of "+", but found "quakes"', 15],
    ['1 < "a"', 'T2009', 'expected two numbers or two texts around "<", but found one of each', 3],
    ['$uppercase(5)', 'T0410', 'expected another kind of value as argument 1 of $uppercase, but found 5', 11],
    ['$sum(["a"])', 'T0412', 'expected a list of one kind as argument 1 of $sum, but found ["a"]', 5],
    ['$number("x")', 'D3030', 'expected text that is a number for $number, but found "x"', 8],
  ])('%s fails with %s', (text, reason, message, position) => {
    expect(() => compiled(text).evaluate(data)).toThrow(
      expect.objectContaining({ code: 'EXPRESSION_FAILED', reason, message, position, expression: text }),
    );
  });

  it('fails in the same words where the interpreter runs', async () => {
    await expect(compiled('$map([1], function($x) { $x + "a" })').evaluate(data)).rejects.toMatchObject({
      code: 'EXPRESSION_FAILED',
      reason: 'T2002',
      message: 'expected a number to the right of "+", but found "a"',
    });
  });

  it.each([
    ['a +', 'S0207', 3, 'expected a value, but found the end of the expression'],
    ['a b', 'S0201', 3, 'expected the end of the expression or an operator, but found "b"'],
    ['"open', 'S0101', 5, 'expected a text that ends in a quote, but found the end of the expression'],
    ['', 'S0207', 0, 'expected a value, but found the end of the expression'],
  ])('%j is refused with %s at %i', (text, reason, position, message) => {
    const result = compileExpression(text, host);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.error).toMatchObject({ code: 'EXPRESSION_SYNTAX', reason, position, message });
  });

  it('says what it reads through variables and parameters', () => {
    expect(compiled('($v := receive.value; $map($v.items, function($i) { $i.price * $v.rate }))').paths).toEqual([
      'receive.value',
      'receive.value.items',
      'receive.value.items.price',
      'receive.value.rate',
    ]);
    expect(compiled('a.items ~> $sort(function($l, $r) { $l.x > $r.y })').paths).toEqual([
      'a.items',
      'a.items.x',
      'a.items.y',
    ]);
  });

  it('says what it reads', () => {
    expect(compiled('receive.value.items[price > limit].name & $sum(a.(b * c)) & $$.d & $.e').paths).toEqual([
      'receive.value.items',
      'receive.value.items.price',
      'receive.value.items.limit',
      'receive.value.items.name',
      'a',
      'a.b',
      'a.c',
      'd',
      'e',
    ]);
  });
});

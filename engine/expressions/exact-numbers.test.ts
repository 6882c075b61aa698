import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from '../formats/exact-json.ts';
import { jsonNull } from '../formats/json-null.ts';
import { compileExpression } from './compile-expression.ts';
import { createInterpreter } from './interpreter/create-interpreter.ts';

const host = { clock: { now: () => 0 }, random: { next: () => 0.5 } };
const data = {
  read: parseJson(
    '{"id":9007199254740993,"next":9007199254740994,"same":9007199254740993,"safe":9007199254740992,"price":12345678901234567.89,' +
      '"huge":1e400,"small":1e-400,"n":5,"list":[9007199254740993,1,12345678901234567.89],"rows":[{"id":9007199254740993,"x":1}]}',
  ),
  nothing: jsonNull,
};

/** Both ways of running an expression, as they would be written down. */
async function both(text: string): Promise<string | undefined> {
  const compiled = compileExpression(text, host);
  if (!compiled.ok) throw compiled.error;
  const written = async (evaluate: () => unknown) => {
    try {
      return stringifyJson(await evaluate());
    } catch (thrown) {
      return `${(thrown as { code: string }).code}: ${(thrown as Error).message}`;
    }
  };
  const found = await written(() => compiled.value.evaluate(data));
  expect(await written(() => createInterpreter(text, host)(data)), text).toBe(found);
  return found;
}

describe('numbers that a double cannot hold', () => {
  it.each([
    ['read.id', '9007199254740993'],
    ['{"a": read.id, "b": [read.price]}', '{"a":9007199254740993,"b":[12345678901234567.89]}'],
    ['$string(read.id)', '"9007199254740993"'],
    ['"id-" & read.id', '"id-9007199254740993"'],
    ['$string(read.rows)', '"[{\\"id\\":9007199254740993,\\"x\\":1}]"'],
    ['read.id = read.same', 'true'],
    ['read.id = read.next', 'false'],
    ['read.id != read.safe', 'true'],
    ['read.id > read.safe', 'true'],
    ['read.id < read.next', 'true'],
    ['read.huge > 1', 'true'],
    ['read.small > 0', 'true'],
    ['read.id in read.list', 'true'],
    ['read.list[$ = 9007199254740992]', undefined],
    ['read.rows[id = $$.read.id].x', '1'],
    ['$type(read.id)', '"number"'],
    ['read.id ? "yes" : "no"', '"yes"'],
    ['$number(read.id)', '9007199254740993'],
    ['$number("9007199254740993")', '9007199254740993'],
    ['$number("007")', '7'],
    ['read.id + 1', '9007199254740994'],
    ['read.id - read.safe', '1'],
    ['-read.id', '-9007199254740993'],
    ['read.id * 10', '90071992547409930'],
    ['read.id % 10', '3'],
    ['read.price + 0.11', '12345678901234568'],
    ['$sum(read.list)', '21352878155975561.89'],
    ['$max(read.list)', '12345678901234567.89'],
    ['$min(read.list)', '1'],
    ['$floor(read.price)', '12345678901234567'],
    ['$ceil(read.price)', '12345678901234568'],
    ['$round(read.price, 1)', '12345678901234567.9'],
    ['$abs(-read.id)', '9007199254740993'],
    ['read.id / 2', '4503599627370496.5'],
    ['$decimalAdd(0.1, 0.2)', '0.3'],
    ['$decimalSubtract("0.30", 0.1)', '0.2'],
    ['$decimalMultiply(read.price, 100)', '1234567890123456789'],
    ['$decimalDivide(read.id, 3, 2)', '3002399751580331'],
    ['$decimalDivide(10, 3, 4)', '3.3333'],
    ['$decimalRound("2.675", 2)', '2.68'],
    ['$decimalCompare(read.id, read.next)', '-1'],
    ['$decimalSum(["0.1", 0.2, read.id])', '9007199254740993.3'],
    ['$decimalAdd(missing, 1)', undefined],
    ['$map(read.list, function($x) { $x })', '[9007199254740993,1,12345678901234567.89]'],
    ['$filter(read.list, function($x) { $x > 9007199254740992 })', '[9007199254740993,12345678901234567.89]'],
    ['$distinct([read.id, read.same, read.next])', '[9007199254740993,9007199254740994]'],
    ['$clone(read.rows)', '[{"id":9007199254740993,"x":1}]'],
    ['$sort(read.list, function($a, $b) { $a > $b })', '[1,9007199254740993,12345678901234567.89]'],
    ['$sort(read.list)', '[1,9007199254740993,12345678901234567.89]'],
    [
      '$distinct([read.huge, read.id, read.same, 1, 1, "1", null, {"a": 1}, {"a": 1}])',
      '[1e400,9007199254740993,1,"1",null,{"a":1}]',
    ],
    ['read.list^($)', '[1,9007199254740993,12345678901234567.89]'],
    ['read.list^(>$)', '[12345678901234567.89,9007199254740993,1]'],
    ['[read.next, read.id, read.safe, 9007199254740991]^($)[0]', '9007199254740991'],
    ['[read.next, read.safe, read.id]^($)', '[9007199254740992,9007199254740993,9007199254740994]'],
    ['[-read.next, -read.safe, -read.id]^($)', '[-9007199254740994,-9007199254740993,-9007199254740992]'],
    ['[{"k": read.id, "s": "b"}, {"k": read.same, "s": "a"}, {"k": read.safe, "s": "c"}]^(>k, s).s', '["a","b","c"]'],
    ['[read.huge, read.id, read.small, -read.huge]^($)', '[-1e+400,1e-400,9007199254740993,1e400]'],
    ['9007199254740993', '9007199254740993'],
    ['read.id = 9007199254740993', 'true'],
    ['read.id = 9007199254740992', 'false'],
    ['-read.id = -9007199254740993', 'true'],
    ['read.id in [9007199254740993, 5]', 'true'],
    ['{"id": 12345678901234567.89}', '{"id":12345678901234567.89}'],
    ['$eval("9007199254740993")', '9007199254740993'],
    ['[1..3][0] + 9007199254740993', '9007199254740994'],
    ['9007199254740991 + 2', '9007199254740993'],
    ['-9007199254740991 - 2', '-9007199254740993'],
    ['9007199254740991 * 9', '81064793292668919'],
    ['read.n * 9007199254740991', '45035996273704955'],
    ['1e21 + 1', '1e+21'],
    ['$sum([9007199254740991, 2])', '9007199254740993'],
    ['$sum([9007199254740991, 2, -9007199254740991])', '2'],
    ['$average([9007199254740991, 1])', '4503599627370496'],
    ['$number("0x1fffffffffffff1")', '144115188075855857'],
    ['read.id.*', undefined],
    ['$count(read.rows.*)', '2'],
    ['$count(read.rows.**)', '3'],
    ['read.rows ~> |$|{"y": 1}|', '[{"id":9007199254740993,"x":1,"y":1}]'],
  ])('%s gives %s', async (text, expected) => {
    expect(await both(text)).toBe(expected);
  });

  it.each([
    ['read.id / 7', '"/" cannot give one for 9007199254740993'],
    ['$sqrt(read.id)', '$sqrt cannot give one for 9007199254740993'],
    ['$formatNumber(read.price, "#,##0.00")', '$formatNumber cannot give one for 12345678901234567.89'],
  ])('%s is a fault that says so', async (text, message) => {
    expect(await both(text)).toContain('NUMBER_INEXACT');
    expect(await both(text)).toContain(message);
  });

  it.each(['1 / 0', '0 / 0', '[1, {"a": 1e308 * 10}]', '$sum([1e308, 1e308])', '5 % 0', 'read.id / 0', 'read.id % 0'])(
    '%s is a fault, not null',
    async (text) => {
      expect(await both(text)).toMatch(/^EXPRESSION_FAILED: expected a finite number, but found (Infinity|NaN)$/);
    },
  );

  it.each([
    ['nothing = null', 'true'],
    ['null = nothing', 'true'],
    ['nothing != 1', 'true'],
    ['$type(nothing)', '"null"'],
    ['nothing ? 1 : 2', '2'],
    ['nothing.deeper', undefined],
    ['{"a": nothing}', '{"a":null}'],
    ['nothing in [1, null]', 'true'],
    ['$string(nothing)', '"null"'],
  ])('the JSON text null is null: %s', async (text, expected) => {
    expect(await both(text)).toBe(expected);
  });
});

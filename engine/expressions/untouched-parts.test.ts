import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes, encodeBytes } from '../formats/record-format.ts';
import { LazyOutput, lazyFields } from '../spi/lazy-output.ts';
import { compileExpression } from './compile-expression.ts';
import { createInterpreter } from './interpreter/create-interpreter.ts';

const host = { clock: { now: () => 0 }, random: { next: () => 0.5 } };

/** A message that keeps nothing of what it decodes, as one does whose starter has decoded another message since. */
class Message extends LazyOutput {
  readonly topic = 'orders';
  readonly #bytes: Buffer;

  constructor(text: string) {
    super();
    this.#bytes = Buffer.from(text);
  }

  get [lazyFields](): readonly string[] {
    return ['value'];
  }

  get value(): unknown {
    return decodeBytes(this.#bytes, 'auto', 'Value');
  }
}

/** One that decodes once. */
class KeptMessage extends Message {
  #value: unknown;
  override get value(): unknown {
    this.#value ??= super.value;
    return this.#value;
  }
}

const order = '{ "amount" : 10.00, "tax":1.50E1,"note":"\\u00e9\\/\\"","-":-0, "2":2,"1":1 }';
const lines = '[ {"sku":"a", "price":10.00, "at": {"shelf":1.0}} ,{"sku":"b","price":2.50,"at":{"shelf":2.0}}]';
const text = `{"order": ${order},"lines":${lines}, "other": {"amount":10}, "empty":[ ],"id": 7}`;

const encoded = (data: unknown) => String(encodeBytes(data, 'auto', 'Value'));

async function both(expression: string, contextOf: () => object): Promise<string> {
  const compiled = compileExpression(expression, host);
  if (!compiled.ok) throw compiled.error;
  const found = encoded(await compiled.value.evaluate(contextOf()));
  expect(encoded(await createInterpreter(expression, host)(contextOf())), expression).toBe(found);
  return found;
}

describe('a part of a record that nobody touched leaves as the bytes that came', () => {
  const [first, second] = [
    '{"sku":"a", "price":10.00, "at": {"shelf":1.0}}',
    '{"sku":"b","price":2.50,"at":{"shelf":2.0}}',
  ];
  it.each([
    ['receive.value.order', order],
    ['{"o": receive.value.order}', `{"o":${order}}`],
    [
      '{"deep": {"er": [1, {"o": receive.value.order}]}, "id": receive.value.id}',
      `{"deep":{"er":[1,{"o":${order}}]},"id":7}`,
    ],
    ['{"a": {"b": {"c": {"d": {"e": {"f": receive.value.order}}}}}}', `{"a":{"b":{"c":{"d":{"e":{"f":${order}}}}}}}`],
    ['receive.value.lines', lines],
    ['{"l": receive.value.lines, "e": receive.value.empty}', `{"l":${lines},"e":[ ]}`],
    ['receive.value.lines[0]', first],
    ['{"l": receive.value.lines[price > 5]}', `{"l":${first}}`],
    ['[receive.value.lines[-1], receive.value.other]', `[${second},{"amount":10}]`],
    ['receive.value.lines.{"line": $}', `[{"line":${first}},{"line":${second}}]`],
    ['receive.value.lines.at', '[{"shelf":1.0},{"shelf":2.0}]'],
    [
      '$map(receive.value.lines, function($l) { {"line": $l, "at": $l.at} })',
      `[{"line":${first},"at":{"shelf":1.0}},{"line":${second},"at":{"shelf":2.0}}]`,
    ],
    ['receive.value.lines^(price)', `[${second},${first}]`],
    [
      '{"sorted": $sort(receive.value.lines, function($a, $b) { $a.price > $b.price })}',
      `{"sorted":[${second},${first}]}`,
    ],
    ['$merge([{"more": receive.value.order}, {"x": 1}])', `{"more":${order},"x":1}`],
    ['$merge([receive.value, {"id": 8}]).order', order],
    ['$lookup(receive.value, "order")', order],
    ['$spread({"o": receive.value.order})', `{"o":${order}}`],
    ['($v := receive.value; {"o": $v.order})', `{"o":${order}}`],
    ['($ ~> |receive|{"x": 1}|).receive.topic & receive.value.id', 'orders7'],
    ['{"m": receive}', `{"m":{"topic":"orders","value":${text}}}`],
  ])('%s', async (expression, expected) => {
    expect(await both(expression, () => ({ receive: new KeptMessage(text) }))).toBe(expected);
  });

  it('in every format of its text', () => {
    const value = fc
      .json({ maxDepth: 3 })
      .chain((json) =>
        fc.constantFrom(
          json,
          JSON.stringify(JSON.parse(json), null, 1),
          json.replaceAll('e', '\\u0065').replaceAll('"\\u0065', '"e'),
        ),
      );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', '"', '1', '__proto__', 'toJSON'), value), { maxLength: 5 }),
        (fields) => {
          const record = `{ ${fields.map(([name, json]) => `${JSON.stringify(name)} : ${json}`).join(' ,')} }`;
          let data: Record<string, unknown>;
          try {
            data = decodeBytes(Buffer.from(record), 'json', 'Value') as Record<string, unknown>;
          } catch {
            fc.pre(false);
          }
          const compiled = compileExpression('{"a": m.a, "list": [m.b, [m.a]]}', host);
          if (!compiled.ok) throw compiled.error;
          const last = (name: string) => fields.findLast(([other]) => other === name)?.[1];
          const made = compiled.value.evaluate({ m: data }) as { a?: unknown; list: unknown[] };
          if (typeof data.a !== 'object' || data.a === null) return;
          expect(encoded(made)).toContain(`"a":${last('a')!.trim()}`);
        },
      ),
    );
  });

  it('through a Mapper, and from a message that was decoded again meanwhile', async () => {
    const compiled = compileExpression('{"o": receive.value.order}', host);
    if (!compiled.ok) throw compiled.error;
    const map = { first: await compiled.value.evaluate({ receive: new KeptMessage(text) }), second: 2 };
    expect(encoded(map)).toBe(`{"first":{"o":${order}},"second":2}`);
    const context = () => ({ map, receive: new Message(text) });
    expect(await both('{"again": map.first.o}', context)).toBe(`{"again":${order}}`);
    expect(await both('map', context)).toBe(`{"first":{"o":${order}},"second":2}`);
    const interpreted = createInterpreter('{"o": $map([receive.value.order], function($o) { $o })}', host);
    expect(encoded(await interpreted(context()))).toBe(`{"o":${order}}`);
  });

  it('but what was changed is what the mapping made of it', async () => {
    const context = () => ({ receive: new KeptMessage(text) });
    expect(await both('{"amount": receive.value.order.amount}', context)).toBe('{"amount":10}');
    expect(await both('$merge([receive.value.other, {"x": 1}])', context)).toBe('{"amount":10,"x":1}');
    expect(await both('receive.value.other ~> |$|{"amount": 11}|', context)).toBe('{"amount":11}');
  });
});

import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { LazyOutput, lazyFields } from '../spi/lazy-output.ts';
import { compileExpression } from './compile-expression.ts';
import { createInterpreter } from './interpreter/create-interpreter.ts';
import { corpus, corpusData } from './testing/corpus.ts';

const host = { clock: { now: () => 1_700_000_000_000 }, random: { next: () => 0.5 } };

/** An output as ReceiveMessage gives it: some fields plain, some made when they are read. */
class LazyMessage extends LazyOutput {
  readonly topic = 'quakes';
  get [lazyFields](): readonly string[] {
    return ['value', 'headers'];
  }
  get value(): unknown {
    return corpusData;
  }
  get headers(): unknown {
    return { source: 'usgs' };
  }
}

/** A result in one text: value, nothing, function or fault, with what marks of the interpreter are left on it. */
async function outcome(evaluate: () => unknown): Promise<string> {
  let value: unknown;
  try {
    value = await evaluate();
  } catch (thrown) {
    if (isEndless(thrown)) return 'no number';
    return 'fault';
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return 'no number';
  if (isFunction(value)) return 'function';
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

const isEndless = (thrown: unknown) => (thrown as { reason?: unknown }).reason === 'D1001';

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  const marked = value as { _jsonata_function?: unknown; _jsonata_lambda?: unknown } | null | undefined;
  return marked?._jsonata_function === true || marked?._jsonata_lambda === true;
}

function marksOn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  // JSONata's `|$|{"extra": 1}|` gives that field to lists too.
  const marks = Array.isArray(value)
    ? Object.getOwnPropertyNames(value).filter((name) => !/^(length|extra|\d+)$/.test(name))
    : [];
  return [...marks, ...Object.values(value).flatMap(marksOn)];
}

describe('an expression over lazy outputs', () => {
  it(`gives what JSONata gives on their JSON, however it runs (${corpus.length} expressions)`, async () => {
    const differences: string[] = [];
    for (const text of corpus) {
      const over = `receive.value.(${text})`;
      const json = () => JSON.parse(JSON.stringify({ receive: new LazyMessage() })) as unknown;
      const expected = await outcome(() => jsonata(over).evaluate(json()));
      const compiled = compileExpression(over, host);
      if (!compiled.ok) {
        if (expected !== 'fault') differences.push(`${text}: ${compiled.error.message}`);
        continue;
      }
      const interpret = createInterpreter(over, host);
      const ways = {
        compiled: await outcome(() => compiled.value.evaluate({ receive: new LazyMessage() })),
        interpreted: await outcome(() => interpret({ receive: new LazyMessage() })),
        'interpreted on JSON': await outcome(() => interpret(json())),
        'compiled on JSON': await outcome(() => compiled.value.evaluate(json())),
      };
      for (const [way, found] of Object.entries(ways))
        if (found !== expected) differences.push(`${way}: ${text}\n  expected ${expected}\n  found    ${found}`);
    }
    expect(differences.join('\n')).toBe('');
  }, 60_000);

  it('leaves no mark on its results and none on the data', async () => {
    const before = JSON.stringify(corpusData);
    for (const text of corpus) {
      const compiled = compileExpression(`receive.value.(${text})`, host);
      if (!compiled.ok) continue;
      const data = { receive: { value: structuredClone(corpusData) } };
      for (const evaluate of [compiled.value.evaluate, createInterpreter(`receive.value.(${text})`, host)]) {
        let result: unknown;
        try {
          result = await evaluate(data);
        } catch {
          continue;
        }
        expect([text, marksOn(result), marksOn(data)]).toEqual([text, [], []]);
        expect(JSON.stringify(data.receive.value), text).toBe(before);
      }
    }
  }, 60_000);

  it.each([
    'receive.*',
    '$keys(receive)',
    '$merge([receive, {"a": 1}])',
    '$spread(receive)',
    '$lookup(receive, "value").name',
    '{"m": receive}.m.value.items^(q).s',
    '$each(receive, function($v, $k) { $k })',
    '$$',
    '$',
    '[receive]',
    'receive',
    '$map([$$], function($v) { $v.receive.value.name })',
    '$exists(receive.toJSON)',
  ])('%s is the same on the object and on its JSON', async (text) => {
    const compiled = compileExpression(text, host);
    if (!compiled.ok) throw compiled.error;
    const json = JSON.parse(JSON.stringify({ receive: new LazyMessage() })) as unknown;
    const found = await compiled.value.evaluate({ receive: new LazyMessage() });
    expect(JSON.parse(JSON.stringify(found))).toEqual(JSON.parse(JSON.stringify(await compiled.value.evaluate(json))));
    // What came out is data for the next activity, whichever way that one reads it.
    const next = { m: found };
    const read = createInterpreter('m.**.city', host);
    expect(await read(next)).toEqual(await read(JSON.parse(JSON.stringify(next))));
  });
});

import { describe, expect, it } from 'vitest';
import { compileExpression } from '../engine/expressions/compile-expression.ts';
import { createInterpreter } from '../engine/expressions/interpreter/create-interpreter.ts';
import { unpackExact } from '../engine/formats/exact-json.ts';
import { snapshotPayload } from '../engine/run/payload-snapshot.ts';
import { testConfig, testJob, testRuntimeHost, testSink } from '../test/kit/runtime-host.ts';
import log from './general/log/activity.ts';
import { runtime as logRuntime } from './general/log/runtime.ts';
import timer from './general/timer/activity.ts';
import { runtime as timerRuntime } from './general/timer/runtime.ts';
import { ReceivedMessage } from './kafka/receive-message/received-message.ts';

const host = { clock: { now: () => 0 }, random: { next: () => 0.5 } };
const value = '{"items":[{"p":2,"q":"b"},{"p":3,"q":"a"}],"id":9007199254740993,"text":"a1b2","none":null}';

function message(text: string | null, format: 'auto' | 'json' | 'text' | 'bytes', timestampMs = 5): ReceivedMessage {
  return new ReceivedMessage(
    {
      ...{ topic: 't', partition: 0, offset: 7, timestampMs, timestampType: 'create', sizeBytes: 1 },
      key: Buffer.from([0xff, 1]),
      value: text === null ? null : Buffer.from(text),
      headers: [
        { key: 'x', value: Buffer.from('1') },
        { key: 'x', value: Buffer.from('2') },
        { key: '__proto__', value: Buffer.from([0xfe]) },
        { key: 'none', value: null },
      ],
    },
    { key: 'auto', value: format },
  );
}

/** A Mapper hands on what its mapping gave. */
function mapped(text: string, o: unknown): unknown {
  const compiled = compileExpression(text, host);
  if (!compiled.ok) throw compiled.error;
  return compiled.value.evaluate({ o });
}

async function timerOutput(): Promise<unknown> {
  const host = testRuntimeHost();
  const sink = testSink(1);
  const starter = await timerRuntime.open(testConfig(timer, {}), host);
  await starter.start(sink);
  host.clock.advance(1);
  return sink.outputs[0];
}

async function logOutput(): Promise<unknown> {
  const activity = await logRuntime.open(testConfig(log, {}), testRuntimeHost());
  return activity.execute({ message: 'hello' }, testJob);
}

/** What activities really give, made anew for each reading. */
const outputs: Readonly<Record<string, () => unknown>> = {
  'a message': () => message(value, 'auto'),
  'a message as JSON': () => message('null', 'json'),
  'a message as text': () => message(value, 'text'),
  'a message as bytes': () => message(value, 'bytes'),
  'a tombstone without a time': () => message(null, 'auto', -1),
  'a mapper that holds a message': () => mapped('{"m": o, "value": {"items": [{"p": 1}]}}', message(value, 'auto')),
  'a tick': timerOutput,
  'a log line': logOutput,
};

const expressions = [
  'o',
  'o.*',
  '$keys(o)',
  '$spread(o)',
  '$merge([o, {"more": 1}])',
  '$each(o, function($v, $k) { {"k": $k, "v": $v} })',
  '$string(o)',
  '$lookup(o, "value")',
  'o.value',
  'o.value.items.p',
  'o.value.items^(q).p',
  '$map(o.value.items, function($i) { $i.p * 2 })',
  'o.value.items{q: p}',
  'o.value.id + 1',
  'o.value = null',
  '$type(o.value)',
  '$exists(o.timestamp)',
  'o.key',
  'o.key.base64',
  'o.headers.x',
  '$lookup(o.headers, "__proto__").base64',
  '$keys(o.headers)',
  'o.raw.headers[name = "x"].value',
  'o.raw.value.base64 ~> $base64decode()',
  'o.m.value.id',
  '$count(o.m.value.items) + $count(o.m.*)',
  'o.**[0]',
  '$ ~> |o|{"changed": true}|',
  '{"a": o, "b": [o]}',
  '$contains(o.value.text, /[0-9]/)',
  'o ~> |$|{"x": 1}|',
  '$toJSON(o)',
  'o.toJSON',
];

async function outcome(evaluate: () => unknown): Promise<string> {
  try {
    const found = await evaluate();
    return found === undefined ? 'nothing' : JSON.stringify(found);
  } catch (thrown) {
    return `fault ${(thrown as { reason?: string }).reason ?? String(thrown)}`;
  }
}

describe.each(Object.entries(outputs))('%s', (_name, make) => {
  it.each(expressions)('%s gives the same however it runs, on its JSON and on what the history shows', async (text) => {
    const compiled = compileExpression(text, host);
    if (!compiled.ok) throw compiled.error;
    const interpret = createInterpreter(text, host);
    const expected = await outcome(async () => interpret({ o: await make() }));
    expect(await outcome(async () => compiled.value.evaluate({ o: await make() }))).toBe(expected);
    // JSON as the window gets it: numbers of any length keep their digits.
    const seen = async () => ({ o: unpackExact(snapshotPayload(await make()).value) });
    expect(await outcome(async () => interpret(await seen()))).toBe(expected);
    expect(await outcome(async () => compiled.value.evaluate(await seen()))).toBe(expected);
  });
});

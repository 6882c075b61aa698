import { expect, it } from 'vitest';
import { createLog } from '../../../engine/base/log.ts';
import { testConfig, testJob, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import log from './activity.ts';
import { runtime } from './runtime.ts';

it.each([
  ['text as it is', { message: 'hello' }, ['warn', 'hello', {}]],
  ['data as JSON', { message: { a: [1] } }, ['warn', '{"a":[1]}', {}]],
  ['more data beside it', { message: 'hello', data: { id: 7 } }, ['warn', 'hello', { data: { id: 7 } }]],
  ['nothing as an empty line', {}, ['warn', '', {}]],
])('writes %s and gives the text as its output', async (_name, input, line) => {
  const lines: unknown[] = [];
  const host = testRuntimeHost({ log: createLog((...written) => lines.push(written), {}, 'debug') });
  const instance = await runtime.open(testConfig(log, { level: 'warn' }), host);
  expect(instance.execute(input, testJob)).toEqual({ message: line[1] });
  expect(lines).toEqual([line]);
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MillraceError } from '../base/errors.ts';
import { createLog } from '../base/log.ts';
import { ManualClock } from '../base/testing/manual-clock.ts';
import { ContractCaller } from './contract-caller.ts';
import type { ContractHandlers, Emit } from './define-contract.ts';
import { call, event } from './define-contract.ts';
import { serveContract } from './serve-contract.ts';
import { channelPair } from './testing/channel-pair.ts';

const clockContract = {
  add: call(z.object({ a: z.number(), b: z.number().default(1) }), z.number()),
  wait: call(z.object({}), z.object({ word: z.string() })),
  ticked: event(z.object({ at: z.number() })),
} as const;
type Handlers = ContractHandlers<typeof clockContract, undefined>;

function connect(handlers: Partial<Handlers> = {}) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const log = createLog((_level, message) => logged.push(message));
  const [ours, theirs] = channelPair();
  let emit!: Emit<typeof clockContract>;
  serveContract(clockContract, ours, log, (send) => {
    emit = send;
    return { add: ({ a, b }) => a + b, wait: () => ({ word: 'done' }), ...handlers };
  });
  const caller = new ContractCaller(clockContract, theirs, { clock, log, peer: 'the clock' });
  return { caller, clock, logged, emit: (...args: Parameters<typeof emit>) => emit(...args), ours };
}

describe('a contract over a channel', () => {
  it('answers calls, fills in what was left out, and tells of events', async () => {
    const { caller, emit } = connect();
    const heard: number[] = [];
    const end = caller.on('ticked', ({ at }) => heard.push(at));
    expect(await Promise.all([caller.call('add', { a: 1 }), caller.call('add', { a: 1, b: 3 })])).toEqual([2, 4]);
    emit('ticked', { at: 7 });
    end();
    emit('ticked', { at: 8 });
    expect(heard).toEqual([7]);
  });

  it('refuses what the contract does not declare, and hands over what a handler threw', async () => {
    const details = { left: 3 };
    const { caller } = connect({
      wait: () => {
        throw new MillraceError('BUSY', 'three before you', { retriable: true, details });
      },
    });
    await expect(caller.call('add', { a: 'x' as never })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(/^add: a: /),
    });
    await expect(caller.call('wait', {})).rejects.toMatchObject({ code: 'BUSY', retriable: true, details });
    const broken = connect({
      wait: () => {
        throw new TypeError('a bug');
      },
    });
    await expect(broken.caller.call('wait', {})).rejects.toMatchObject({ code: 'INTERNAL_ERROR', message: 'a bug' });
    expect(broken.logged).toEqual(['a call broke']);
  });

  it('takes no answer and no event that is not as declared', async () => {
    const { caller, emit, logged, ours } = connect({ wait: () => ({ word: 7 as never }) });
    const heard: unknown[] = [];
    caller.on('ticked', (payload) => heard.push(payload));
    await expect(caller.call('wait', {})).rejects.toMatchObject({
      code: 'BAD_ANSWER',
      message: expect.stringContaining('expected the clock to answer "wait" by the contract'),
    });
    emit('ticked', { at: 'noon' as never });
    ours.send('nonsense');
    ours.send({ jsonrpc: '2.0', method: 'rang', params: {} });
    expect(heard).toEqual([]);
    expect(logged).toEqual([
      'event "ticked" of the clock does not keep to the contract',
      'a message of the clock does not keep to the contract',
    ]);
  });

  it('ends calls in time, or with the channel', async () => {
    const { caller, clock, emit } = connect({ wait: () => new Promise(() => {}) });
    const late = caller.call('wait', {}, { waitMsMax: 500 });
    const open = caller.call('wait', {});
    clock.advance(500);
    await expect(late).rejects.toMatchObject({ code: 'CALL_TIMEOUT', retriable: true });
    const heard: unknown[] = [];
    caller.on('ticked', (payload) => heard.push(payload));
    const gone = new MillraceError('GONE', 'the clock has stopped');
    caller.end(gone);
    await expect(open).rejects.toBe(gone);
    await expect(caller.call('add', { a: 1 })).rejects.toBe(gone);
    emit('ticked', { at: 1 });
    expect(heard).toEqual([]);
  });
});

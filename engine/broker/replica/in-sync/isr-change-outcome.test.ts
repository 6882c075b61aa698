import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { isrChangeOutcome } from './isr-change-outcome.ts';

it.each([
  ['NONE', 'committed'],
  ['INELIGIBLE_REPLICA', 'drop'],
  ['INVALID_UPDATE_VERSION', 'await-metadata'],
  ['FENCED_LEADER_EPOCH', 'await-metadata'],
  ['UNKNOWN_TOPIC_ID', 'await-metadata'],
  ['NOT_CONTROLLER', 'retry'],
  ['STALE_BROKER_EPOCH', 'retry'],
  ['UNKNOWN_SERVER_ERROR', 'retry'],
] as const)('after %s: %s', (name, outcome) => {
  expect(isrChangeOutcome(errorCode[name])).toBe(outcome);
});

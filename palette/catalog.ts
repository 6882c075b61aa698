import type { ActivityDeclaration } from '../engine/spi/define-activity.ts';
import readRecords from './file/read-records/activity.ts';
import callProcess from './general/call-process/activity.ts';
import catchFailure from './general/catch/activity.ts';
import compensate from './general/compensate/activity.ts';
import compensation from './general/compensation/activity.ts';
import criticalSection from './general/critical-section/activity.ts';
import exit from './general/exit/activity.ts';
import forEach from './general/for-each/activity.ts';
import getVariable from './general/get-variable/activity.ts';
import log from './general/log/activity.ts';
import mapper from './general/mapper/activity.ts';
import pick from './general/pick/activity.ts';
import repeat from './general/repeat/activity.ts';
import repeatOnError from './general/repeat-on-error/activity.ts';
import rethrow from './general/rethrow/activity.ts';
import returnOutput from './general/return/activity.ts';
import scope from './general/scope/activity.ts';
import setVariable from './general/set-variable/activity.ts';
import sleep from './general/sleep/activity.ts';
import start from './general/start/activity.ts';
import throwFailure from './general/throw/activity.ts';
import timer from './general/timer/activity.ts';
import variable from './general/variable/activity.ts';
import whileLoop from './general/while/activity.ts';
import kafkaConnection from './kafka/connection/activity.ts';
import getMessages from './kafka/get-messages/activity.ts';
import receiveMessage from './kafka/receive-message/activity.ts';
import sendMessage from './kafka/send-message/activity.ts';

/** Every activity and shared resource of the palette, in the order in which the palette shows them. */
export const activities: readonly ActivityDeclaration[] = [
  kafkaConnection,
  receiveMessage,
  sendMessage,
  getMessages,
  mapper,
  log,
  timer,
  sleep,
  callProcess,
  start,
  returnOutput,
  exit,
  throwFailure,
  rethrow,
  compensate,
  variable,
  getVariable,
  setVariable,
  scope,
  forEach,
  whileLoop,
  repeat,
  repeatOnError,
  pick,
  criticalSection,
  catchFailure,
  compensation,
  readRecords,
];

/** The same by type: what rules, forms and the engine look up. */
export const catalog: ReadonlyMap<string, ActivityDeclaration> = new Map(
  activities.map((declaration) => [declaration.type, declaration]),
);

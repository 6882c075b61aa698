import type { ActivityDeclaration } from '../engine/spi/define-activity.ts';
import readRecords from './file/read-records/activity.ts';
import catchFailure from './general/catch/activity.ts';
import log from './general/log/activity.ts';
import mapper from './general/mapper/activity.ts';
import scope from './general/scope/activity.ts';
import timer from './general/timer/activity.ts';
import kafkaConnection from './kafka/connection/activity.ts';
import receiveMessage from './kafka/receive-message/activity.ts';
import sendMessage from './kafka/send-message/activity.ts';

/** Every activity and shared resource of the palette, in the order in which the palette shows them. */
export const activities: readonly ActivityDeclaration[] = [
  kafkaConnection,
  receiveMessage,
  sendMessage,
  mapper,
  log,
  scope,
  catchFailure,
  timer,
  readRecords,
];

/** The same by type: what rules, forms and the engine look up. */
export const catalog: ReadonlyMap<string, ActivityDeclaration> = new Map(
  activities.map((declaration) => [declaration.type, declaration]),
);

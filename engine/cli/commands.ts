import type { Command } from './command.ts';
import { cluster } from './commands/cluster.ts';
import { exportCommand } from './commands/export.ts';
import { groupDescribe } from './commands/group-describe.ts';
import { groupList } from './commands/group-list.ts';
import { receive } from './commands/receive.ts';
import { run } from './commands/run.ts';
import { send } from './commands/send.ts';
import { studio } from './commands/studio.ts';
import { topicCreate } from './commands/topic-create.ts';
import { topicDelete } from './commands/topic-delete.ts';
import { topicDescribe } from './commands/topic-describe.ts';
import { topicList } from './commands/topic-list.ts';
import { validate } from './commands/validate.ts';
import { version } from './commands/version.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  studio,
  run,
  validate,
  exportCommand,
  cluster,
  topicList,
  topicCreate,
  topicDescribe,
  topicDelete,
  send,
  receive,
  groupList,
  groupDescribe,
  version,
];

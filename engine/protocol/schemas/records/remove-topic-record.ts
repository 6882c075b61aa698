import type { MessageOf } from '../../schema.ts';
import { message, uuid } from '../../schema.ts';

/** A topic and its partitions are gone. */
export const removeTopicRecord = message(
  { name: 'RemoveTopicRecord', key: 9, versions: '0', flexible: '0+' },
  {
    topicId: uuid('0+'),
  },
);
export type RemoveTopicRecord = MessageOf<typeof removeTopicRecord>;

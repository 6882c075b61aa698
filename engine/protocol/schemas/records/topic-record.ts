import type { MessageOf } from '../../schema.ts';
import { message, string, uuid } from '../../schema.ts';

/** A topic exists from here on. */
export const topicRecord = message(
  { name: 'TopicRecord', key: 2, versions: '0', flexible: '0+' },
  {
    name: string('0+'),
    topicId: uuid('0+'),
  },
);
export type TopicRecord = MessageOf<typeof topicRecord>;

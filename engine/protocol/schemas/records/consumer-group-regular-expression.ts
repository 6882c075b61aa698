import type { MessageOf } from '../../schema.ts';
import { array, int64, message, string } from '../../schema.ts';

/** The topics that a regular expression of a group's members stands for. */
export const consumerGroupRegularExpressionKey = message(
  { name: 'ConsumerGroupRegularExpressionKey', key: 16, versions: '0', flexible: 'none' },
  { groupId: string('0'), regularExpression: string('0') },
);
export type ConsumerGroupRegularExpressionKey = MessageOf<typeof consumerGroupRegularExpressionKey>;

export const consumerGroupRegularExpressionValue = message(
  { name: 'ConsumerGroupRegularExpressionValue', key: 16, versions: '0', flexible: '0+' },
  { topics: array('0+', 'string'), version: int64('0+'), timestamp: int64('0+') },
);
export type ConsumerGroupRegularExpressionValue = MessageOf<typeof consumerGroupRegularExpressionValue>;

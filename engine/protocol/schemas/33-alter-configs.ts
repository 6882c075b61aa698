import type { MessageOf } from '../schema.ts';
import { array, bool, int8, int16, int32, message, string } from '../schema.ts';

/** Replaces all configs of a resource; what is not named goes back to its default. 2: flexible. */
export const alterConfigsRequest = message(
  { name: 'AlterConfigsRequest', key: 33, versions: '0-2', flexible: '2+' },
  {
    resources: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    validateOnly: bool('0+'),
  },
);
export type AlterConfigsRequest = MessageOf<typeof alterConfigsRequest>;

export const alterConfigsResponse = message(
  { name: 'AlterConfigsResponse', key: 33, versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    responses: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
    }),
  },
);
export type AlterConfigsResponse = MessageOf<typeof alterConfigsResponse>;

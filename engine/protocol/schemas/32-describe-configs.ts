import type { MessageOf } from '../schema.ts';
import { array, bool, int8, int16, int32, message, string } from '../schema.ts';

/** Resources that one request may name; each may be answered with a hundred configs. Above that the request is not read. */
const describedResourcesMax = 10_000;

/**
 * Configs of topics (2), brokers (4), broker loggers (8), client metrics (16) and groups (32).
 * 1: synonyms. 3: types and documentation. 4: flexible.
 */
export const describeConfigsRequest = message(
  { name: 'DescribeConfigsRequest', key: 32, versions: '1-4', flexible: '4+' },
  {
    resources: array(
      '0+',
      {
        resourceType: int8('0+'),
        resourceName: string('0+'),
        configurationKeys: array('0+', 'string', { nullable: '0+' }),
      },
      { elementsMax: describedResourcesMax },
    ),
    includeSynonyms: bool('1+', { default: false }),
    includeDocumentation: bool('3+', { default: false }),
  },
);
export type DescribeConfigsRequest = MessageOf<typeof describeConfigsRequest>;

export const describeConfigsResponse = message(
  { name: 'DescribeConfigsResponse', key: 32, versions: '1-4', flexible: '4+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
        readOnly: bool('0+'),
        configSource: int8('1+', { default: -1 }),
        isSensitive: bool('0+'),
        synonyms: array('1+', {
          name: string('1+'),
          value: string('1+', { nullable: '0+' }),
          source: int8('1+'),
        }),
        configType: int8('3+', { default: 0 }),
        documentation: string('3+', { nullable: '0+' }),
      }),
    }),
  },
);
export type DescribeConfigsResponse = MessageOf<typeof describeConfigsResponse>;

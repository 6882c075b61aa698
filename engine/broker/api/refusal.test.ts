import { expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { decode, encodeToBuffer } from '../../protocol/codec.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { handlers } from './table.ts';
import { sampleOf } from './testing/sample-message.ts';

/** Error codes on whatever row. */
function codesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(codesIn);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => (/errorCode$/i.test(name) ? [inner] : codesIn(inner)));
}

/** DescribeLogDirs had no place for an error before version 3; clients then see no folder. */
const hasNoPlace = new Set([`${apis.describeLogDirs.key}.1`, `${apis.describeLogDirs.key}.2`]);

const cases = handlers.flatMap((handler) => {
  const api = Object.values(apis).find(({ key }) => key === handler.key)!;
  const versions = Array.from({ length: api.versionMax - api.versionMin + 1 }, (_, index) => api.versionMin + index);
  return versions.map((version) => ({ name: api.name, version, handler }));
});

it.each(cases)('$name $version says where its clients look that it is refused', ({ version, handler }) => {
  const { request, response, refuse, key } = handler;
  const asked = decode(request, version, encodeToBuffer(request, version, sampleOf(request) as never));
  const answer = refuse(asked, errorCode.CLUSTER_AUTHORIZATION_FAILED, version);
  const seen = decode(response, version, encodeToBuffer(response, version, answer as never));
  const expected = hasNoPlace.has(`${key}.${version}`) ? [] : [errorCode.CLUSTER_AUTHORIZATION_FAILED];
  const codes = [...new Set(codesIn(seen))].filter((code) => code !== errorCode.NONE);
  expect(codes).toEqual(expected);
});

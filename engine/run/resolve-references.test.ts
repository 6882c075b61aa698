// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
import { describe, expect, it } from 'vitest';
import type { Project } from '../model/document.ts';
import { resolveProperties } from './resolve-properties.ts';
import { resolveReferences } from './resolve-references.ts';

const project: Project = {
  format: 1,
  name: 'p',
  version: '1.0.0',
  properties: {
    topic: { type: 'string', default: 'quakes' },
    limit: { type: 'number', default: 5 },
    strict: { type: 'boolean' },
  },
  processes: {},
  resources: {},
  profiles: { prod: { topic: 'prod-quakes', limit: '7' }, broken: { nope: '1' } },
  schemas: {},
  tests: {},
};

describe('resolveProperties', () => {
  it('takes --set over the profile over the default, converted to its type', () => {
    expect(resolveProperties(project, {})).toEqual({ ok: true, value: { topic: 'quakes', limit: 5 } });
    expect(resolveProperties(project, { profile: 'prod', set: { limit: '9', strict: 'true' } })).toEqual({
      ok: true,
      value: { topic: 'prod-quakes', limit: 9, strict: true },
    });
  });

  it.each([
    [{ profile: 'dev' }, 'PROFILE_UNKNOWN', 'expected one of the project\'s profiles ("broken", "prod"), found "dev"'],
    [{ profile: 'broken' }, 'PROPERTY_UNKNOWN', 'profile "broken" names property "nope"'],
    [{ set: { limit: 'many' } }, 'PROPERTY_TYPE', 'property "limit": expected a number, found "many"'],
  ])('refuses %j', (sources, code, message) => {
    const result = resolveProperties(project, sources);
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(!result.ok && result.error.message).toContain(message);
  });
});

describe('resolveReferences', () => {
  const values = {
    properties: { host: 'broker', port: 9092 },
    secret: (name: string) => (name === 'KEY' ? 'hidden' : undefined),
  };

  it('replaces references at every depth and leaves the rest alone', () => {
    const config = {
      servers: '${property:host}:${property:port}',
      list: [{ key: '${secret:KEY}' }],
      n: 1,
      odd: '$${x}',
    };
    expect(resolveReferences(config, values, 'x')).toEqual({
      ok: true,
      value: { servers: 'broker:9092', list: [{ key: 'hidden' }], n: 1, odd: '$${x}' },
    });
  });

  it('names the field and the environment variable of what is missing', () => {
    const result = resolveReferences({ password: '${secret:NOPE}' }, values, 'resource "cluster"');
    expect(result).toMatchObject({ ok: false, error: { code: 'SECRET_MISSING' } });
    expect(!result.ok && result.error.message).toBe(
      'resource "cluster", field "password": expected secret "NOPE" in the environment variable MILLRACE_SECRET_NOPE, found none',
    );
    const missing = resolveReferences({ topic: '${property:toString}' }, values, 'activity "send"');
    expect(missing).toMatchObject({ ok: false, error: { code: 'PROPERTY_MISSING' } });
  });
});

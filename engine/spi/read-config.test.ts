import { describe, expect, it } from 'vitest';
import { defineActivity } from './define-activity.ts';
import { readConfig } from './read-config.ts';

const declaration = defineActivity({
  type: 'test.sample',
  title: 'Sample',
  group: 'Test',
  kind: 'activity',
  summary: '',
  keywords: [],
  suggestedId: 'sample',
  config: {
    acks: {
      kind: 'choice',
      label: 'Acks',
      help: '',
      default: 'all',
      choices: [
        { value: 'all', label: 'all' },
        { value: '0', label: 'none' },
      ],
    },
    limit: { kind: 'number', label: 'Limit', help: '', default: 10, min: 1, max: 100, unit: 'records', integer: true },
    topics: {
      kind: 'lookup',
      what: 'topic',
      of: 'connection',
      label: 'Topics',
      help: '',
      multiple: true,
      required: true,
    },
    assign: { kind: 'boolean', label: 'Assign partition', help: '', default: false },
    partition: {
      kind: 'number',
      label: 'Partition',
      help: '',
      required: true,
      min: 0,
      max: 9,
      visibleWhen: { field: 'assign', is: [true] },
    },
  },
  input: {},
  output: { type: 'any' },
  faults: [],
});

describe('readConfig', () => {
  it('fills defaults, converts text that came from a property and asks nothing of hidden fields', () => {
    const read = readConfig(declaration.config, { limit: '20', topics: 'a; b' });
    expect(read).toEqual({
      ok: true,
      value: { acks: 'all', limit: 20, topics: ['a', 'b'], assign: false, partition: undefined },
    });
    if (read.ok) {
      const acks: 'all' | '0' = read.value.acks;
      const partition: number | undefined = read.value.partition;
      expect([acks, partition]).toEqual(['all', undefined]);
    }
  });

  it.each([
    [{ topics: ['a'], acks: '2' }, 'acks', 'expected one of all, 0 for Acks, but found "2"'],
    [{ topics: ['a'], limit: 1.5 }, 'limit', 'expected a whole number from 1 to 100 records for Limit, but found 1.5'],
    [{ topics: [] }, 'topics', 'expected at least one for Topics, but found []'],
    [{ topics: ['a'], assign: true }, 'partition', 'expected a value for Partition, but it is empty'],
  ])('refuses %j', (raw, field, message) => {
    expect(readConfig(declaration.config, raw)).toEqual({ ok: false, error: [{ field, message }] });
  });
});

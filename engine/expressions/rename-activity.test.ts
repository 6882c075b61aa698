import { describe, expect, it } from 'vitest';
import type { Process } from '../model/document.ts';
import { renameActivity, renameInExpression } from './rename-activity.ts';

const process: Process = {
  id: 'main',
  name: 'Main',
  activities: {
    receive: { id: 'receive', name: 'Receive', type: 't', config: {}, input: {} },
    send: { id: 'send', name: 'Send', type: 't', config: {}, input: { value: 'receive.value', bad: 'receive +' } },
  },
  transitions: [{ id: 't1', from: 'receive', to: 'send', kind: 'condition', condition: 'receive.value.mag > 5' }],
  layout: { positions: { receive: { x: 0, y: 0 }, send: { x: 1, y: 0 } }, colors: { receive: 'red' } },
};

describe('renaming an activity', () => {
  it.each([
    ['receive.value & other.receive', 'quake.value & other.receive'],
    ['"receive" & receive', '"receive" & quake'],
    ['`receive`.value', 'quake.value'],
    ['receive.items[receive = 1]', 'quake.items[receive = 1]'],
    ['$$.receive.a + $.receive.b', '$$.quake.a + $.quake.b'],
    ['items[$$.receive.x = y]', 'items[$$.quake.x = y]'],
    ['{"receive": receive.value, "b": $sum(receive.list)}', '{"receive": quake.value, "b": $sum(quake.list)}'],
    ['/* receive */ receive ~> $string()', '/* receive */ quake ~> $string()'],
    [
      '$map(receive.list, function($receive) { $receive & receive.x })',
      '$map(quake.list, function($receive) { $receive & quake.x })',
    ],
    ['errors.receive.code & error.receive', 'errors.quake.code & error.receive'],
    ['receive ?? receive', 'quake ?? quake'],
    ['($r := receive; $r.receive & receive.x)', '($r := quake; $r.receive & quake.x)'],
    ['receive.value ~> |receive|{"a": receive}, ["b"]|', 'quake.value ~> |receive|{"a": receive}, ["b"]|'],
    ['$$ ~> |receive.value|{"a": x}|', '$$ ~> |quake.value|{"a": x}|'],
    ['receive.list@$r.{"a": $r.receive, "b": receive}', 'quake.list@$r.{"a": $r.receive, "b": receive}'],
    ['$map([$$], function($all) { $all.receive.id })', '$map([$$], function($all) { $all.receive.id })'],
    ['($all := $$; $all.receive.id)', '($all := $$; $all.quake.id)'],
    [
      '$filter(receive.list, function($i) { $i.receive = receive.x })',
      '$filter(quake.list, function($i) { $i.receive = quake.x })',
    ],
    ['receive +', 'receive +'],
  ])('rewrites %s', (before, after) => {
    expect(renameInExpression(before, 'receive', 'quake')).toBe(after);
  });

  it('reaches every place of the process', () => {
    const renamed = renameActivity(process, 'receive', 'quake');
    if (!renamed.ok) throw new Error(renamed.error);
    expect(Object.keys(renamed.value.activities)).toEqual(['quake', 'send']);
    expect(renamed.value.activities.quake).toMatchObject({ id: 'quake', name: 'Receive' });
    expect(renamed.value.activities.send!.input).toEqual({ value: 'quake.value', bad: 'receive +' });
    expect(renamed.value.transitions[0]).toMatchObject({ from: 'quake', condition: 'quake.value.mag > 5' });
    expect(renamed.value.layout).toEqual({
      positions: { quake: { x: 0, y: 0 }, send: { x: 1, y: 0 } },
      colors: { quake: 'red' },
    });
  });

  it('reaches what stands in a scope, and what reads it from outside', () => {
    const step = (id: string, parent: string | undefined, value: string) => ({
      ...{ id, name: id, type: 't', config: {}, input: { value } },
      ...(parent === undefined ? {} : { parent }),
    });
    const nested: Process = {
      ...process,
      activities: {
        outer: step('outer', undefined, ''),
        inner: step('inner', 'outer', ''),
        map: step('map', 'inner', ''),
        near: step('near', 'inner', 'map.x & errors.map.code'),
        beside: step('beside', 'outer', 'inner.map.x & inner.x.map'),
        far: step('far', undefined, 'outer.inner.map.x & receive.map.x & outer.map'),
      },
      transitions: [],
      layout: { positions: {}, collapsed: ['inner'] },
    };
    const inputs = (from: string, to: string) => {
      const renamed = renameActivity(nested, from, to);
      if (!renamed.ok) throw new Error(renamed.error);
      return { ...renamed.value, texts: Object.values(renamed.value.activities).map(({ input }) => input.value) };
    };
    expect(inputs('map', 'shape').texts.slice(3)).toEqual([
      'shape.x & errors.shape.code',
      'inner.shape.x & inner.x.map',
      'outer.inner.shape.x & receive.map.x & outer.map',
    ]);
    const { texts, activities, layout } = inputs('inner', 'part');
    expect(texts.slice(4)).toEqual(['part.map.x & part.x.map', 'outer.part.map.x & receive.map.x & outer.map']);
    expect([activities.map!.parent, layout.collapsed]).toEqual(['part', ['part']]);
  });

  it.each(['send', 'job', 'my-id', '9a'])('refuses %s', (id) => {
    expect(renameActivity(process, 'receive', id)).toMatchObject({ ok: false, error: expect.stringContaining(id) });
  });
});

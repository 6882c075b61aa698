import { describe, expect, it } from 'vitest';
import type { ActivityCatalog } from './activity-catalog.ts';
import type { Activity, Process, Transition } from './document.ts';
import { findCycle, reachableFrom, topologicalOrder, upstreamOf } from './graph.ts';
import { failuresBefore } from './handled-failures.ts';
import { ancestorsOf, outermost, withInside } from './scopes.ts';

function processOf(...wires: readonly string[]): Process {
  const pairs = wires.map((wire) => wire.split('>') as [string, string]);
  const ids = [...new Set(pairs.flat())];
  const activities = Object.fromEntries(
    ids.map((id): [string, Activity] => [id, { id, name: id, type: 't', config: {}, input: {} }]),
  );
  const transitions = pairs.map(([from, to], index): Transition => ({ id: `t${index}`, from, to, kind: 'success' }));
  return { id: 'p', name: 'p', activities, transitions, layout: { positions: {} } };
}

const diamond = processOf('a>b', 'a>c', 'b>d', 'c>d', 'x>d');

it('knows what comes before and behind an activity', () => {
  expect([...reachableFrom(diamond, ['a'])].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect([...upstreamOf(diamond, 'd', new Map())].sort()).toEqual(['a', 'b', 'c', 'x']);
  expect([...upstreamOf(diamond, 'a', new Map())]).toEqual([]);
});

it('orders activities behind those that lead to them', () => {
  expect(topologicalOrder(diamond)).toEqual(['a', 'b', 'c', 'x', 'd']);
});

it('finds a circle and leaves it and what follows out of the order', () => {
  const looped = processOf('a>b', 'b>c', 'c>d', 'd>b', 'd>e');
  expect(findCycle(looped)).toEqual(['b', 'c', 'd']);
  expect(topologicalOrder(looped)).toEqual(['a']);
  expect(findCycle(processOf('a>a'))).toEqual(['a']);
  expect(findCycle(diamond)).toBeUndefined();
});

it('does not stumble over transitions to nowhere', () => {
  const process = processOf('a>b');
  const broken = {
    ...process,
    transitions: [...process.transitions, { id: 'x', from: 'b', to: 'gone', kind: 'success' as const }],
  };
  expect(topologicalOrder(broken)).toEqual(['a', 'b']);
});

describe('scopes', () => {
  // start > s > last; in s: a > b, catch > fix; in t, which stands in s behind b: c
  const flat = processOf('start>s', 's>last', 'a>b', 'b>t', 'catch>fix');
  const parents: Record<string, string> = { a: 's', b: 's', t: 's', catch: 's', fix: 's', c: 't' };
  const ids = [...Object.keys(flat.activities), 'c'];
  const process: Process = {
    ...flat,
    activities: Object.fromEntries(
      ids.map((id): [string, Activity] => [
        id,
        {
          ...{ id, name: id, type: id === 'catch' ? 'catch' : 't', config: {}, input: {} },
          ...(parents[id] ? { parent: parents[id] } : {}),
        },
      ]),
    ),
  };
  const catalog: ActivityCatalog = new Map([
    ['catch', { type: 'catch', title: 'Catch', kind: 'catch', config: {}, input: {}, output: { type: 'any' } }],
  ]);
  const upstream = (id: string) => [...upstreamOf(process, id, catalog)].sort();

  it('what is in a scope comes behind what leads to the scope, and is not before what follows it', () => {
    expect(upstream('b')).toEqual(['a', 'start']);
    expect(upstream('c')).toEqual(['a', 'b', 'start']);
    expect(upstream('last')).toEqual(['s', 'start']);
    expect(topologicalOrder(process)).toEqual(['start', 's', 'a', 'b', 'catch', 'fix', 'last', 't', 'c']);
  });

  it('behind a catch everything else in its scope may have run', () => {
    expect(upstream('fix')).toEqual(['a', 'b', 'catch', 'start', 't']);
    expect([...failuresBefore(process, 'fix', catalog)].sort()).toEqual(['a', 'b', 't']);
    expect(failuresBefore(process, 'b', catalog)).toEqual([]);
  });

  it('a scope that is reached reaches what it begins with', () => {
    expect([...reachableFrom(process, ['start'])].sort()).toEqual([...ids].sort());
  });

  it('knows who stands in whom', () => {
    expect(ancestorsOf(process, 'c')).toEqual(['t', 's']);
    expect(withInside(process, ['t', 'last'])).toEqual(['last', 't', 'c']);
    expect(outermost(process, ['c', 't', 'a', 'last'])).toEqual(['t', 'a', 'last']);
  });
});

import { expect, it } from 'vitest';
import type { Activity, Process, Transition } from './document.ts';
import { findCycle, reachableFrom, topologicalOrder, upstreamOf } from './graph.ts';

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
  expect([...upstreamOf(diamond, 'd')].sort()).toEqual(['a', 'b', 'c', 'x']);
  expect([...upstreamOf(diamond, 'a')]).toEqual([]);
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

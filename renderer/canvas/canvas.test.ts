import { describe, expect, it } from 'vitest';
import { catalog } from '../../palette/catalog.ts';
import { manyActivities } from '../../test/kit/designer/many-activities.ts';
import { sampleProject } from '../../test/kit/designer/sample-project.ts';
import { scopedProcess, scopedProject } from '../../test/kit/designer/scoped-project.ts';
import { emptySelection } from '../store/session-slice.ts';
import { createEdgeMaker, createNodeMaker } from './flow-elements.ts';
import { formatCount } from './format-count.ts';
import { nearestWire } from './nearest-wire.ts';
import { subtitleOf } from './subtitle.ts';

const process = sampleProject.processes['triage-quakes']!;

describe('nodes and edges of a process', () => {
  it('keep their objects when something else moves', () => {
    const large = manyActivities(500).processes.large!;
    const make = createNodeMaker();
    const before = make({ process: large, palette: catalog, selection: emptySelection, dragPositions: null });
    const after = make({
      process: large,
      palette: catalog,
      selection: emptySelection,
      dragPositions: { step7: { x: 1, y: 1 } },
    });
    expect(before).toHaveLength(500);
    expect(after.filter((node, index) => node !== before[index]).map((node) => node.id)).toEqual(['step7']);
  });

  it('have a scope before what is in it, and nothing of what is in a closed one', () => {
    const scoped = scopedProject.processes[scopedProcess]!;
    const make = createNodeMaker();
    const state = { palette: catalog, selection: emptySelection, dragPositions: null };
    const open = make({ ...state, process: scoped });
    expect(open.map(({ id }) => id)).toEqual(['timer', 'order', 'last', 'check', 'store', 'catch', 'fix']);
    expect(open.find(({ id }) => id === 'check')).toMatchObject({ parentId: 'order', position: { x: 32, y: 64 } });
    const closed = { ...scoped, layout: { ...scoped.layout, collapsed: ['order'] } };
    expect(make({ ...state, process: closed }).map(({ id }) => id)).toEqual(['timer', 'order', 'last']);
    expect(createEdgeMaker()(closed, emptySelection).map(({ id }) => id)).toEqual(['timer-order', 'order-last']);
  });

  it('leave from the handle of their kind', () => {
    const edges = createEdgeMaker()(process, { activities: [], transitions: ['map-send'] });
    expect(edges.find((edge) => edge.id === 'send-failed')?.sourceHandle).toBe('error');
    expect(edges.find((edge) => edge.id === 'map-send')).toMatchObject({ sourceHandle: 'out', selected: true });
  });
});

describe('the nearest wire', () => {
  it('is the one under the point, within reach', () => {
    expect(nearestWire(process, { x: 296, y: 195 })).toBe('receive-map');
    expect(nearestWire(process, { x: 296, y: 260 })).toBeUndefined();
  });
});

describe('what a node says', () => {
  it.each([
    ['receive', 'quakes'],
    ['send', 'quake-alerts'],
    ['map', 'Mapper'],
  ])('%s: %s', (id, text) => {
    const activity = process.activities[id]!;
    expect(subtitleOf(activity, catalog.get(activity.type))).toBe(text);
  });

  it.each([
    [0, '0'],
    [9999, '9,999'],
    [12345, '12.3k'],
    [123456, '123k'],
    [4560000, '4.56M'],
  ])('counts %d as %s', (count, text) => expect(formatCount(count)).toBe(text));
});

describe('subtitleOf', () => {
  it('says the same of a copy as of the first', () => {
    const subtitle = (name: string) =>
      subtitleOf({ id: 'log', name, type: 'general.log', config: {}, input: {} }, catalog.get('general.log'));
    expect([subtitle('Log'), subtitle('Log 2'), subtitle('Log 17')]).toEqual(['General', 'General', 'General']);
    expect(subtitle('Tell the office')).toBe('Log');
  });
});

import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../../engine/expressions/analyse-expression.ts';
import type { Activity, Process } from '../../engine/model/document.ts';
import { validateProject } from '../../engine/model/rules/validate-project.ts';
import { catalog } from '../../palette/catalog.ts';
import { scopedProcess, scopedProject } from '../../test/kit/designer/scoped-project.ts';
import { applyBehaviors } from '../behaviors/behaviors.ts';
import { whyNotConnect } from './can-connect.ts';
import { clip, clippingText, paste, pasteIds, readClipping } from './clipping.ts';
import type { Edit } from './edit.ts';
import { moveActivities } from './move-activities.ts';
import { placeUnplaced } from './place-unplaced.ts';
import { remove } from './remove.ts';
import { scopeBoxes } from './scope-boxes.ts';
import { groupInto, rehome, setCollapsed, ungroup } from './scopes.ts';
import { tidy } from './tidy.ts';

const id = scopedProcess;
const process = scopedProject.processes[id]!;

/** The process after an edit and the behaviours that follow it. */
function applied(edit: Edit, project = scopedProject): Process {
  return applyBehaviors(project, edit(project)).processes[id]!;
}

const inside = (current: Process) =>
  Object.values(current.activities)
    .filter(({ parent }) => parent === 'order')
    .map((activity) => activity.id);
const wires = (current: Process) => current.transitions.map(({ from, to }) => `${from}-${to}`);
const problemsOf = (current: Process) =>
  validateProject({ ...scopedProject, processes: { [id]: current } }, { catalog, analyse: analyseExpression });

describe('scopes on the canvas', () => {
  it('are as large as what is in them, and as a node when they are closed', () => {
    const boxes = scopeBoxes(process, catalog);
    expect(boxes.size('order')).toEqual({ width: 336 + 208 + 32, height: 176 + 64 + 32 });
    expect([boxes.place('store'), boxes.isOpen('order'), boxes.isHidden('store')]).toEqual([
      { x: 640, y: 64 },
      true,
      false,
    ]);
    const closed = scopeBoxes(applied(setCollapsed(id, 'order', true)), catalog);
    expect([closed.size('order'), closed.isHidden('store')]).toEqual([{ width: 208, height: 64 }, true]);
    expect([
      boxes.scopeAt({ x: 700, y: 200 }),
      closed.scopeAt({ x: 700, y: 200 }),
      boxes.scopeAt({ x: 10, y: 10 }),
    ]).toEqual(['order', undefined, undefined]);
  });

  it('follow what moves beyond their left and upper border, which stays where it was dropped', () => {
    const moved = applied(moveActivities(id, { check: { x: -64, y: 16 } }));
    const [before, now] = [scopeBoxes(process), scopeBoxes(moved)];
    expect(now.place('check')).toEqual({ x: 240, y: 16 });
    expect(now.place('fix')).toEqual(before.place('fix'));
    expect(now.place('order')).toEqual({ x: 208, y: -48 });
  });

  it('take in what is dragged into them: its wires to the rest go, and it keeps its place', () => {
    const moved = applied(rehome(id, [{ id: 'last', scope: 'order', place: { x: 640, y: 320 } }]));
    expect(inside(moved)).toContain('last');
    expect(wires(moved)).toEqual(['timer-order', 'check-store', 'catch-fix']);
    expect(scopeBoxes(moved).place('last')).toEqual({ x: 640, y: 320 });
    const out = applied(rehome(id, [{ id: 'store', scope: undefined, place: { x: 700, y: 500 } }]));
    expect([inside(out), wires(out)]).toEqual([
      ['check', 'catch', 'fix'],
      ['timer-order', 'order-last', 'catch-fix'],
    ]);
    expect(scopeBoxes(out).place('store')).toEqual({ x: 700, y: 500 });
  });

  it('are read through by what reads what was moved, and what was moved reads as before', () => {
    const into = applied(
      rehome(id, [
        { id: 'last', scope: 'order', place: { x: 640, y: 320 } },
        { id: 'check', scope: undefined, place: { x: 0, y: 320 } },
      ]),
    );
    expect(into.activities.last!.input.message).toBe('"got " & check.n');
    expect(into.activities.store!.input.message).toBe('"n " & check.n');
    const away = applied(rehome(id, [{ id: 'store', scope: undefined, place: { x: 0, y: 320 } }]));
    expect(away.activities.store!.input.message).toBe('"n " & order.check.n');
  });

  it('go with all that is in them', () => {
    const gone = applied(remove(id, { activities: ['order'], transitions: [] }));
    expect([Object.keys(gone.activities), wires(gone), Object.keys(gone.layout.positions)]).toEqual([
      ['timer', 'last'],
      [],
      ['timer', 'last'],
    ]);
    const closed = { ...scopedProject, processes: { [id]: applied(setCollapsed(id, 'order', true)) } };
    expect(applied(remove(id, { activities: ['order'], transitions: [] }), closed).layout).not.toHaveProperty(
      'collapsed',
    );
  });

  it('are copied with all that is in them, as JSON text, into whatever scope', () => {
    const clipping = readClipping(clippingText(clip(process, ['order', 'check'])))!;
    const ids = pasteIds(process, clipping);
    const pasted = applied(paste(id, clipping, { ids, offset: { x: 0, y: 400 }, scope: undefined }));
    const copies = Object.values(pasted.activities).filter(({ parent }) => parent === 'order2');
    expect(copies.map((each) => each.id)).toEqual(['check2', 'store2', 'catch2', 'fix2']);
    expect(copies[1]!.input).toEqual({ message: '"n " & check2.n' });
    expect(wires(pasted)).toEqual(expect.arrayContaining(['check2-store2', 'catch2-fix2']));
    expect([pasted.layout.positions.order2, pasted.layout.positions.check2]).toEqual([
      { x: 304, y: 400 },
      { x: 32, y: 64 },
    ]);
    const one = clip(process, ['last']);
    const into = applied(paste(id, one, { ids: pasteIds(process, one), offset: { x: 0, y: 0 }, scope: 'order' }));
    expect(into.activities.last2!.parent).toBe('order');
  });

  it('that are not there let go of what is dragged, as the problem says', () => {
    const { last } = process.activities;
    const lost = { ...process, activities: { ...process.activities, last: { ...last!, parent: 'gone' } } };
    expect(problemsOf(lost).map(({ code, fix }) => [code, fix])).toContainEqual([
      'PARENT_MISSING',
      'Drag it out, onto the canvas.',
    ]);
    const edit = moveActivities(id, { last: { x: 976, y: 400 } });
    const moved = applied(edit, { ...scopedProject, processes: { [id]: lost } });
    expect([problemsOf(moved), moved.activities.last]).toEqual([problemsOf(process), last]);
  });

  it('are read through by copies of what reads them, and their failures too', () => {
    const { last, fix } = process.activities;
    const activities = {
      ...process.activities,
      last: { ...last!, input: { message: 'order.check.n & order[0].check.n & order.error.code' } },
      fix: { ...fix!, input: { message: 'errors.check.code & errors.store.code' } },
    };
    const copied = { ...process, activities };
    const clipping = clip(copied, ['last', 'order']);
    const edit = paste(id, clipping, { ids: pasteIds(copied, clipping), offset: { x: 0, y: 400 }, scope: undefined });
    const pasted = applied(edit, { ...scopedProject, processes: { [id]: copied } });
    expect(pasted.activities.last2!.input.message).toBe('order2.check2.n & order2[0].check2.n & order2.error.code');
    expect(pasted.activities.fix2!.input.message).toBe('errors.check2.code & errors.store2.code');
    expect(pasted.activities.last!.input).toEqual(activities.last.input);
  });

  it.each([
    ['stands in itself', { parent: 'order' }],
    ['stands in what is no id', { parent: 5 }],
    ['is mapped to what is no expression', { input: { message: 5 } }],
  ])('are no clipping when one %s', (_what, broken) => {
    const { activities, ...rest } = clip(process, ['order']);
    const text = JSON.stringify({ ...rest, activities: [{ ...activities[0], ...broken }, ...activities.slice(1)] });
    expect(readClipping(text)).toBeUndefined();
    expect(readClipping(JSON.stringify({ ...rest, activities }))).toBeDefined();
  });

  it('are laid out within themselves, and the process around them', () => {
    const tidied = applied(tidy(id, catalog));
    const { place, size } = scopeBoxes(tidied, catalog);
    expect(place('last').x).toBeGreaterThanOrEqual(place('order').x + size('order').width);
    expect(place('store').x).toBeGreaterThanOrEqual(place('check').x + 208);
    expect(place('catch').y).toBeGreaterThanOrEqual(place('check').y + 64);
    expect(applied(tidy(id, catalog), { ...scopedProject, processes: { [id]: tidied } })).toEqual(tidied);
  });

  it('find a place for what has none, inside of them too', () => {
    const unplaced = { ...scopedProject, processes: { [id]: { ...process, layout: { positions: {} } } } };
    const { place, size } = scopeBoxes(placeUnplaced(unplaced).processes[id]!, catalog);
    expect(place('last').x).toBeGreaterThanOrEqual(place('order').x + size('order').width);
    const { fix: _gone, ...positions } = process.layout.positions;
    const one = { ...scopedProject, processes: { [id]: { ...process, layout: { positions } } } };
    expect(placeUnplaced(one).processes[id]!.layout.positions.fix).toEqual({ x: 336, y: 176 });
  });

  it('refuse wires across their border and to their catch', () => {
    const why = (from: string, to: string) => whyNotConnect(process, catalog, { from, to, kind: 'success' });
    expect(why('store', 'last')).toContain('cannot cross the border of a scope');
    expect(why('check', 'catch')).toContain('begins when something in its scope fails');
    expect(why('store', 'fix')).toBeUndefined();
  });
});

describe('grouping', () => {
  const scope: Activity = { id: 'scope', name: 'Scope', type: 'general.scope', config: {}, input: {} };

  it('puts a scope around activities: wires and mappings lead through it, and nothing moves', () => {
    const grouped = applied(groupInto(id, scope, ['check', 'store']));
    expect([grouped.activities.check!.parent, grouped.activities.scope!.parent]).toEqual(['scope', 'order']);
    expect(grouped.activities.last!.input.message).toBe('"got " & order.scope.check.n');
    expect(problemsOf(grouped)).toEqual([]);
    expect(scopeBoxes(grouped).place('check')).toEqual(scopeBoxes(process).place('check'));
    const outer = applied(groupInto(id, scope, ['order', 'check']));
    expect(wires(outer)).toEqual(['timer-scope', 'scope-last', 'check-store', 'catch-fix']);
    expect(outer.activities.last!.input.message).toBe('"got " & scope.order.check.n');
    expect(problemsOf(outer)).toEqual([]);
  });

  it('comes undone: what led to the scope leads to what it began with', () => {
    const ungrouped = applied(ungroup(id, 'order', catalog));
    expect(Object.keys(ungrouped.activities)).toEqual(['timer', 'check', 'store', 'fix', 'last']);
    expect(wires(ungrouped)).toEqual(['timer-check', 'timer-fix', 'store-last', 'fix-last', 'check-store']);
    expect(ungrouped.activities.last!.input.message).toBe('"got " & check.n');
    const again = applied(ungroup(id, 'scope', catalog), {
      ...scopedProject,
      processes: { [id]: applied(groupInto(id, scope, ['order'])) },
    });
    expect(again).toEqual(process);
  });
});

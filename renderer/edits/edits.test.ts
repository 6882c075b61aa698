import { describe, expect, it } from 'vitest';
import type { Process, Project } from '../../engine/model/document.ts';
import { catalog } from '../../palette/catalog.ts';
import { createFakeStudio, sampleSnapshot } from '../../test/kit/designer/fake-studio.ts';
import { noFiles } from '../../test/kit/designer/no-files.ts';
import { sampleProject } from '../../test/kit/designer/sample-project.ts';
import { openSnapshot } from '../store/open-snapshot.ts';
import { createStudioStore } from '../store/studio-store.ts';
import { addActivity } from './add-activity.ts';
import { whyNotConnect } from './can-connect.ts';
import { changeActivityId, renameActivity, renameInput, setConfig, setDisabled, setInput } from './change-activity.ts';
import { changeTransition } from './change-transition.ts';
import { clip, clippingText, paste, pasteIds, readClipping } from './clipping.ts';
import { connect } from './connect.ts';
import type { Edit } from './edit.ts';
import { moveActivities } from './move-activities.ts';
import { addProcess, describeProcess, removeProcess, renameProcess } from './processes.ts';
import { remove } from './remove.ts';
import { addResource, changeResourceId, removeResource, renameResource, setResourceConfig } from './resources.ts';
import { splice } from './splice.ts';
import { layOut, tidy } from './tidy.ts';

const id = 'triage-quakes';
const process = sampleProject.processes[id]!;
const mapper = catalog.get('general.mapper')!;
const clipping = clip(process, ['map', 'send']);

/** Every edit, once; each must change the document, and undo and redo must give identical documents. */
const edits: readonly (readonly [string, Edit])[] = [
  ['addActivity', addActivity(id, { id: 'map2', declaration: mapper, position: { x: 1, y: 2 } })],
  ['connect', connect(id, { from: 'log', to: 'failed', kind: 'success' })],
  ['connect with a condition', connect(id, { from: 'log', to: 'failed', kind: 'condition' })],
  ['splice', splice(id, 'receive-map', 'failed')],
  ['remove', remove(id, { activities: ['map'], transitions: [] })],
  ['remove a wire', remove(id, { activities: [], transitions: ['map-log'] })],
  ['moveActivities', moveActivities(id, { map: { x: 7.4, y: 8.6 } })],
  ['renameActivity', renameActivity(id, 'map', 'Shape alert')],
  ['changeActivityId', changeActivityId(id, 'map', 'shape')],
  ['setConfig', setConfig(id, 'send', 'topic', 'other')],
  ['setConfig to nothing', setConfig(id, 'send', 'topic', undefined)],
  ['setInput', setInput(id, 'send', 'headers', '{}')],
  ['setInput to nothing', setInput(id, 'send', 'key', undefined)],
  ['renameInput', renameInput(id, 'map', 'place', 'where')],
  ['setDisabled', setDisabled(id, ['log', 'send'], true)],
  ['changeTransition', changeTransition(id, 'map-send', { kind: 'success' })],
  ['changeTransition name', changeTransition(id, 'map-send', { name: 'large' })],
  ['paste', paste(id, clipping, { ids: pasteIds(process, clipping), offset: { x: 32, y: 32 }, scope: undefined })],
  ['tidy', tidy(id)],
  ['addProcess', addProcess('new', 'New')],
  ['renameProcess', renameProcess(id, 'Other')],
  ['describeProcess', describeProcess(id, 'Sorts quakes.')],
  ['removeProcess', removeProcess(id)],
  ['addResource', addResource('two', 'Two', catalog.get('kafka.connection')!)],
  ['renameResource', renameResource('cluster', 'Main')],
  ['changeResourceId', changeResourceId('cluster', 'main', catalog)],
  ['setResourceConfig', setResourceConfig('cluster', 'clientId', 'x')],
  ['removeResource', removeResource('cluster')],
];

describe('every edit', () => {
  it.each(edits)('%s: do, undo and redo give identical documents', (_name, edit) => {
    const store = createStudioStore({ client: createFakeStudio().client, palette: catalog, files: noFiles });
    openSnapshot(store, sampleSnapshot());
    const before = text(store.getState().project);
    expect(store.getState().edit('Edit', edit)).toBe(true);
    const after = text(store.getState().project);
    expect(after).not.toBe(before);
    store.getState().undo();
    expect(text(store.getState().project)).toBe(before);
    store.getState().redo();
    expect(text(store.getState().project)).toBe(after);
  });

  it.each(edits)('%s: leaves the document that it was given alone', (_name, edit) => {
    const before = text(sampleProject);
    edit(sampleProject);
    expect(text(sampleProject)).toBe(before);
  });
});

describe('an id', () => {
  it('is followed by expressions, conditions, wires and layout', () => {
    const changed = apply(changeActivityId(id, 'map', 'shape'));
    expect(changed.activities.send?.input).toEqual({ value: 'shape', key: 'shape.id' });
    expect(changed.activities.log?.input.message).toBe('"minor: " & shape.place');
    expect(changed.transitions.map((wire) => [wire.from, wire.to])).toContainEqual(['shape', 'send']);
    expect(changed.transitions[1]?.condition).toBe('shape.magnitude >= 4.5');
    expect(changed.layout.positions.shape).toEqual(process.layout.positions.map);
  });

  it('of a resource is followed by the activities that use it', () => {
    const changed = changeResourceId('cluster', 'main', catalog)(sampleProject);
    expect(changed.processes[id]?.activities.receive?.config.connection).toBe('main');
    expect(changed.processes[id]?.activities.send?.config.connection).toBe('main');
  });
});

describe('the clipboard', () => {
  it('gives back what was put on it', () => {
    expect(readClipping(clippingText(clipping))).toEqual(clipping);
  });

  it.each(['', 'hello', '{}', '[1]', '{"millrace":"activities","activities":[{}],"transitions":[],"positions":{}}'])(
    'refuses %j',
    (content) => expect(readClipping(content)).toBeUndefined(),
  );

  it('makes copies that read each other and not the originals', () => {
    const changed = apply(
      paste(id, clipping, { ids: pasteIds(process, clipping), offset: { x: 32, y: 32 }, scope: undefined }),
    );
    expect(changed.activities.send2?.input).toEqual({ value: 'map2', key: 'map2.id' });
    expect(changed.activities.map2?.input.id).toBe('receive.value.id');
    expect(changed.transitions.at(-1)).toMatchObject({ from: 'map2', to: 'send2', condition: 'map2.magnitude >= 4.5' });
    expect(changed.layout.positions.map2).toEqual({ x: 336 + 32, y: 160 + 32 });
  });
});

describe('a wire', () => {
  it.each([
    ['to a starter', { from: 'map', to: 'receive', kind: 'success' }, /starts the process/],
    ['to itself', { from: 'map', to: 'map', kind: 'success' }, /lead back/],
    ['that is there', { from: 'receive', to: 'map', kind: 'success' }, /connected already/],
    ['that closes a loop', { from: 'failed', to: 'map', kind: 'success' }, /earlier activity/],
  ] as const)('%s is refused', (_name, wire, reason) => {
    expect(whyNotConnect(process, catalog, wire)).toMatch(reason);
  });

  it('may stand beside one of another kind', () => {
    expect(whyNotConnect(process, catalog, { from: 'map', to: 'send', kind: 'error' })).toBeUndefined();
  });

  it('loses its condition with its kind', () => {
    expect(apply(changeTransition(id, 'map-send', { kind: 'error' })).transitions[1]).not.toHaveProperty('condition');
  });

  it('that is spliced leads to the activity and on', () => {
    const wires = apply(splice(id, 'receive-map', 'failed')).transitions;
    expect(wires[0]).toMatchObject({ from: 'receive', to: 'failed' });
    expect(wires.at(-1)).toMatchObject({ from: 'failed', to: 'map', kind: 'success' });
  });
});

describe('tidy', () => {
  it('puts every activity right of all that lead to it, and none on another', () => {
    const positions = layOut(process);
    for (const wire of process.transitions) expect(positions[wire.to]!.x).toBeGreaterThan(positions[wire.from]!.x);
    expect(new Set(Object.values(positions).map(({ x, y }) => `${x},${y}`)).size).toBe(5);
  });
});

function apply(edit: Edit): Process {
  return edit(sampleProject).processes[id]!;
}

/** Keys in their order, so that order counts as part of a document. */
function text(project: Project | null): string {
  return JSON.stringify(project);
}

import { describe, expect, it } from 'vitest';
import { openSample } from '../../test/kit/designer/render.tsx';
import { clip, clippingText } from '../edits/clipping.ts';
import { nodeHeight, nodeWidth } from '../edits/geometry.ts';
import type { CanvasPort } from '../store/canvas-port.ts';
import { emptySelection } from '../store/session-slice.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { ClipboardPort } from './command.ts';
import { commands } from './commands.ts';
import { drawWire } from './draw-wire.ts';
import { insertActivity } from './insert-activity.ts';
import { pasteText } from './paste.ts';
import { runCommand } from './run-command.ts';
import { matchesShortcut } from './shortcut.ts';

function memoryClipboard(): ClipboardPort {
  let kept = '';
  return {
    write: async (text) => {
      kept = text;
    },
    read: async () => kept,
  };
}

const clipboard = memoryClipboard();

async function run(store: StudioStore, id: string): Promise<boolean> {
  const command = commands.find((one) => one.id === id);
  if (command === undefined) throw new Error(`expected a command ${id}`);
  if (!command.canRun(store.getState())) return false;
  await command.run({ store, clipboard, files: store.getState().files });
  return true;
}

function activities(store: StudioStore): string[] {
  return Object.keys(store.getState().project?.processes['triage-quakes']?.activities ?? {});
}

describe('gathering with the keyboard', () => {
  it('keeps what is marked, then takes the focused activity in and out, until something else is marked', async () => {
    const { store } = openSample();
    let focused = 'map';
    store.setState({ canvas: { focused: () => focused } as Partial<CanvasPort> as CanvasPort });
    store.getState().select({ activities: ['map'] });
    await run(store, 'gather');
    expect(store.getState()).toMatchObject({ isGathering: true, selection: { activities: ['map'] } });
    focused = 'send';
    await run(store, 'gather');
    expect(store.getState().selection.activities).toEqual(['map', 'send']);
    await run(store, 'gather');
    expect(store.getState().selection.activities).toEqual(['map']);
    store.getState().select({ activities: ['log'] });
    expect(store.getState().isGathering).toBe(false);
  });

  it('hears Space with a modifier', () => {
    const space = { key: ' ', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false };
    expect(matchesShortcut(space, 'Ctrl+Space')).toBe(true);
    expect(matchesShortcut({ ...space, ctrlKey: false }, 'Ctrl+Space')).toBe(false);
    expect(matchesShortcut({ ...space, ctrlKey: false, shiftKey: true }, 'Shift+Space')).toBe(true);
  });
});

describe('commands that change the document', () => {
  it.each([
    'cut',
    'duplicate',
    'delete',
    'toggle-disabled',
    'tidy',
    'nudge-left',
    'connect-selected',
    'nudge-down-far',
    'new-process',
    'new-kafka-connection',
  ])('%s: do, undo and redo give identical documents', async (id) => {
    const { store } = openSample();
    store.getState().select({ activities: ['send', 'log'] });
    const before = JSON.stringify(store.getState().project);
    expect(await run(store, id)).toBe(true);
    const after = JSON.stringify(store.getState().project);
    expect(after).not.toBe(before);
    await run(store, 'undo');
    expect(JSON.stringify(store.getState().project)).toBe(before);
    await run(store, 'redo');
    expect(JSON.stringify(store.getState().project)).toBe(after);
  });

  it('cut and paste bring everything back but the wires to the rest', async () => {
    const { store } = openSample();
    store.getState().select({ activities: ['send', 'failed'] });
    await run(store, 'cut');
    expect(activities(store)).toEqual(['log', 'map', 'receive']);
    await run(store, 'paste');
    expect(activities(store)).toEqual(expect.arrayContaining(['send', 'failed']));
    const wires = store.getState().project?.processes['triage-quakes']?.transitions.map((wire) => wire.id);
    expect(wires).toEqual(['receive-map', 'map-log', 'send-failed']);
    expect(store.getState().selection.activities).toEqual(['send', 'failed']);
  });

  it('a run of nudges is one step', async () => {
    const { store } = openSample();
    store.getState().select({ activities: ['log'] });
    for (let step = 0; step < 5; step += 1) await run(store, 'nudge-right');
    expect(store.getState().history.past).toHaveLength(1);
  });

  it('refuse without what they need', async () => {
    const { store } = openSample();
    store.setState({ selection: emptySelection });
    for (const id of ['copy', 'cut', 'delete', 'duplicate', 'undo', 'redo', 'save', 'stop'])
      expect(await run(store, id), id).toBe(false);
  });
});

describe('walking with the keyboard', () => {
  it('goes from activity to wire to activity, and among siblings', async () => {
    const { store } = openSample();
    const walk = async (id: string) => {
      await run(store, id);
      return [...store.getState().selection.activities, ...store.getState().selection.transitions];
    };
    store.getState().select({});
    expect(await walk('walk-on')).toEqual(['receive']);
    expect(await walk('walk-on')).toEqual(['receive-map']);
    expect(await walk('walk-on')).toEqual(['map']);
    expect(await walk('walk-on')).toEqual(['map-send']);
    expect(await walk('walk-down')).toEqual(['map-log']);
    expect(await walk('walk-down')).toEqual(['map-send']);
    expect(await walk('walk-back')).toEqual(['map']);
    expect(await walk('walk-up')).toEqual(['receive']);
  });
});

describe('adding an activity', () => {
  it('wires it to the one before, fills in the only connection, and marks it', () => {
    const { store } = openSample();
    const id = insertActivity(store, { type: 'kafka.send-message', after: 'log' });
    const process = store.getState().project?.processes['triage-quakes'];
    expect(id).toBe('send2');
    expect(process?.activities.send2).toMatchObject({ name: 'SendMessage', config: { connection: 'cluster' } });
    expect(process?.transitions.at(-1)).toMatchObject({ from: 'log', to: 'send2', kind: 'success' });
    expect(store.getState().selection.activities).toEqual(['send2']);
    expect(store.getState().history.past).toHaveLength(1);
  });

  it('wires no starter to anything', () => {
    const { store } = openSample();
    insertActivity(store, { type: 'general.timer', after: 'log' });
    expect(store.getState().project?.processes['triage-quakes']?.transitions).toHaveLength(4);
  });

  it('puts a resource into the project', () => {
    const { store } = openSample();
    insertActivity(store, { type: 'kafka.connection' });
    expect(store.getState().selectedResource).toBe('cluster2');
  });

  it('says why a wire cannot be drawn', () => {
    const { store } = openSample();
    drawWire(store, { from: 'send', to: 'receive', kind: 'success' });
    expect(store.getState().notices[0]?.text).toContain('starts the process');
    expect(store.getState().history.past).toHaveLength(0);
  });

  it('says what to do when there is nothing to paste', () => {
    const { store } = openSample();
    pasteText(store, 'hello', 'Paste');
    expect(store.getState().notices[0]?.text).toContain('Ctrl+C');
  });
});

describe('saving', () => {
  it('writes the files and is clean afterwards', async () => {
    const { store, studio } = openSample();
    store.getState().select({ activities: ['log'] });
    await run(store, 'toggle-disabled');
    await run(store, 'save');
    const call = studio.calls.find((one) => one.name === 'project.save');
    expect(call?.params).toMatchObject({ baseRevision: 'r1', overwrite: false });
    expect(await run(store, 'save')).toBe(false);
    expect(store.getState().revision).toBe('r2');
  });

  it('offers a choice when somebody else changed the files', async () => {
    const { store, studio } = openSample();
    studio.handle('project.save', (params) => {
      if ((params as { overwrite: boolean }).overwrite) return { revision: 'r3' };
      throw Object.assign(new Error('changed'), { code: 'PROJECT_CHANGED_ON_DISK' });
    });
    store.getState().select({ activities: ['log'] });
    await run(store, 'delete');
    await run(store, 'save');
    const notice = store.getState().notices.at(-1);
    expect(notice?.actions?.map((action) => action.label)).toEqual(['Overwrite with mine', 'Take theirs']);
    notice?.actions?.[0]?.run();
    await expect.poll(() => store.getState().revision).toBe('r3');
  });
});

describe('running', () => {
  it('does not start with errors, and shows them', async () => {
    const { store, studio } = openSample();
    store.setState({ problems: [{ severity: 'error', code: 'X', message: 'no' }] });
    await run(store, 'run');
    expect(studio.calls.some((call) => call.name === 'run.start')).toBe(false);
    expect(store.getState().bottom).toBe('problems');
  });

  it('starts what is in the window, and stops', async () => {
    const { store } = openSample();
    await run(store, 'run');
    expect(store.getState().run.state).toBe('running');
    expect(await run(store, 'run')).toBe(false);
    await run(store, 'stop');
    expect(store.getState().run.state).toBe('stopped');
  });

  it('says why it did not start', async () => {
    const { store, studio } = openSample();
    studio.handle('run.start', () => {
      throw new Error('no cluster');
    });
    await run(store, 'run');
    expect(store.getState().run).toMatchObject({ state: 'failed', failure: { message: 'no cluster' } });
  });
});

describe('shortcuts', () => {
  const press = (key: string, modifiers: object = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...modifiers,
  });

  it.each([
    ['z', { ctrlKey: true }, 'Ctrl+Z', true],
    ['Z', { ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+Z', true],
    ['Z', { ctrlKey: true, shiftKey: true }, 'Ctrl+Z', false],
    ['z', { metaKey: true }, 'Ctrl+Z', true],
    ['?', { shiftKey: true }, '?', true],
    ['+', { ctrlKey: true, shiftKey: true }, 'Ctrl++', true],
    ['!', { ctrlKey: true, shiftKey: true, code: 'Digit1' }, 'Ctrl+Shift+1', true],
    ['d', { ctrlKey: true }, 'D', false],
    ['ArrowLeft', { shiftKey: true }, 'ArrowLeft', false],
  ])('%s with %j is %s: %s', (key, modifiers, shortcut, expected) => {
    expect(matchesShortcut(press(key, modifiers), shortcut)).toBe(expected);
  });

  it('stand for one command each', () => {
    const all = commands.flatMap((command) => command.shortcuts ?? []);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are not run for a command that cannot', () => {
    const { store } = openSample();
    expect(runCommand(store, commands.find((one) => one.id === 'undo')!)).toBe(false);
  });
});

describe('pasting', () => {
  it('puts copies where they cover nothing, however often', () => {
    const { store } = openSample();
    const process = () => store.getState().project!.processes['triage-quakes']!;
    const text = clippingText(clip(process(), ['receive', 'map', 'send']));
    for (let times = 0; times < 3; times += 1) pasteText(store, text, 'Paste');
    const places = Object.values(process().layout.positions);
    const covered = places.flatMap((one, at) =>
      places
        .slice(at + 1)
        .filter((other) => Math.abs(one.x - other.x) < nodeWidth && Math.abs(one.y - other.y) < nodeHeight),
    );
    expect(places).toHaveLength(14);
    expect(covered).toEqual([]);
  });
});

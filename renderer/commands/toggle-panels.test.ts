import { describe, expect, it } from 'vitest';
import { openSample } from '../../test/kit/designer/render.tsx';
import { panelCommands } from './toggle-panels.ts';

describe('the commands of the panels', () => {
  it('are one for each panel that has a shortcut, named after it', () => {
    expect(panelCommands.map(({ id, title, shortcuts }) => [id, title, shortcuts?.[0]])).toEqual([
      ['toggle-palette', 'Show or Hide the Palette', 'Ctrl+Shift+1'],
      ['toggle-project', 'Show or Hide the Project', 'Ctrl+Shift+2'],
      ['toggle-bottom', 'Show or Hide the Bottom Panel', 'Ctrl+J'],
      ['show-problems', 'Show Problems', 'Ctrl+Shift+M'],
      ['view-design', 'Go to Design', 'Alt+1'],
      ['view-topics', 'Go to Topics', 'Alt+2'],
    ]);
  });

  it('open a drawer, close it again, and go to a view', () => {
    const { store } = openSample();
    const run = (id: string) =>
      panelCommands
        .find((command) => command.id === id)
        ?.run({ store, files: store.getState().files, clipboard: { write: async () => {}, read: async () => '' } });
    run('toggle-project');
    expect(store.getState().drawer).toBe('project');
    run('toggle-project');
    expect(store.getState().drawer).toBeNull();
    run('view-topics');
    expect(store.getState().view).toBe('topics');
    run('show-problems');
    expect(store.getState().bottom).toBe('problems');
  });
});

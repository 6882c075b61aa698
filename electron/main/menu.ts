import type { MenuItemConstructorOptions } from 'electron';
import { Menu } from 'electron';

type Item = MenuItemConstructorOptions;

/**
 * The menu bar. Its items are commands of the designer, by their ids; the designer knows whether they can run now. It also
 * handles the keys itself, so the menu only shows them (on a Mac the system wants them registered).
 */
export function setMenu(run: (commandId: string) => void): void {
  const item = (label: string, id: string, accelerator?: string): Item => ({
    label,
    id,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: () => run(id),
  });
  const line: Item = { type: 'separator' };
  const template: Item[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        item('Open Project…', 'open-project', 'CmdOrCtrl+O'),
        item('Save', 'save', 'CmdOrCtrl+S'),
        line,
        item('Export Bundle…', 'export'),
        line,
        { role: process.platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        item('Undo', 'undo', 'CmdOrCtrl+Z'),
        item('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
        line,
        { role: 'cut', registerAccelerator: false },
        { role: 'copy', registerAccelerator: false },
        { role: 'paste', registerAccelerator: false },
        { role: 'selectAll', registerAccelerator: false },
      ],
    },
    {
      label: 'View',
      submenu: [
        item('Commands…', 'show-commands', 'CmdOrCtrl+K'),
        item('Change Theme', 'toggle-theme'),
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        line,
        { role: 'toggleDevTools' },
      ],
    },
    { label: 'Run', submenu: [item('Run', 'run', 'F8'), item('Stop', 'stop', 'Shift+F5')] },
    { label: 'Help', submenu: [item('Keyboard Shortcuts', 'show-shortcuts')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

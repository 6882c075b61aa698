import { messageOf } from '../../engine/base/errors.ts';
import { writeProject } from '../../engine/model/project-files.ts';
import type { Command } from './command.ts';
import { hasProject } from './command.ts';

/** Makes the one file that runs headless, and hands it over: a download, or a file dialog on the desktop. */
export const exportBundle: Command = {
  id: 'export',
  title: 'Export Bundle…',
  group: 'File',
  canRun: hasProject,
  run: async ({ store, files: port }) => {
    const { project, client, notify } = store.getState();
    if (project === null) return;
    try {
      const files = Object.fromEntries(writeProject(project));
      const { fileName, contentBase64 } = await client.call('project.export', { files });
      const path = await port.save(fileName, contentBase64, 'Millrace bundle');
      if (path !== undefined) notify({ tone: 'success', text: `Exported ${path}. Run it with: millrace run ${path}` });
    } catch (thrown) {
      notify({ tone: 'danger', text: `The bundle was not made: ${messageOf(thrown)}` });
    }
  },
};

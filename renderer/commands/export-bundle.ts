import { messageOf } from '../../engine/base/errors.ts';
import { writeProject } from '../../engine/model/project-files.ts';
import type { Command } from './command.ts';
import { hasProject } from './command.ts';

/** Makes the one file that runs headless, and hands it over as a download. */
export const exportBundle: Command = {
  id: 'export',
  title: 'Export Bundle…',
  group: 'File',
  canRun: hasProject,
  run: async ({ store }) => {
    const { project, client, notify } = store.getState();
    if (project === null) return;
    try {
      const files = Object.fromEntries(writeProject(project));
      const { fileName, contentBase64 } = await client.call('project.export', { files });
      const link = document.createElement('a');
      link.href = `data:application/octet-stream;base64,${contentBase64}`;
      link.download = fileName;
      link.click();
      notify({ tone: 'success', text: `Exported ${fileName}. Run it with: millrace run ${fileName}` });
    } catch (thrown) {
      notify({ tone: 'danger', text: `The bundle was not made: ${messageOf(thrown)}` });
    }
  },
};

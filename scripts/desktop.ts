import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, projectFolder } from './build.ts';

/**
 * `npm run desktop [project]`: builds what must be built and opens the designer in a window of its own, with the sample project
 * when none is named. Electron fetches its runtime on the first use; `ELECTRON_OVERRIDE_DIST_PATH` names one that is there.
 */
await build();
const [project = join(projectFolder, 'examples/earthquakes')] = process.argv.slice(2);
const electron = join(projectFolder, 'node_modules/electron/cli.js');
const window = spawn(process.execPath, [electron, projectFolder, project], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => window.kill(signal));
window.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});

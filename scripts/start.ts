import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.ts';

/** `npm start`: builds what must be built, then the studio with the sample project, a cluster and the designer. */
const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..');

await build();
const given = process.argv.slice(2);
const hasProject = given.some((argument, index) => !argument.startsWith('-') && !given[index - 1]?.startsWith('--'));
const project = hasProject ? [] : [join(projectFolder, 'examples/earthquakes')];
const studio = spawn(process.execPath, [join(projectFolder, 'dist/engine/cli.js'), 'studio', ...project, ...given], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => studio.kill(signal));
studio.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});

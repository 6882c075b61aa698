import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createServer } from 'vite';
import { pickFreePorts } from '../engine/broker/node/supervisor/free-ports.ts';
import { startCluster } from '../engine/broker/node/supervisor/start-cluster.ts';
import { userClusterFolder } from '../engine/host/user-folder.ts';
import { projectFolder } from './build.ts';

/**
 * `npm run dev [project]`: the designer from its sources with hot reload (Vite), and the studio from its sources, started anew
 * when one of them changes. The cluster stays up meanwhile.
 */
const [project = join(projectFolder, 'examples/earthquakes')] = process.argv.slice(2);
const token = randomBytes(24).toString('base64url');
const [studioPort = 0] = await pickFreePorts('127.0.0.1', 1);
const cluster = await startCluster({ brokers: 3, dataFolder: userClusterFolder() });
const vite = await createServer({
  configFile: join(projectFolder, 'vite.config.ts'),
  root: join(projectFolder, 'renderer'),
  server: {
    host: '127.0.0.1',
    proxy: { '/studio': { target: `ws://127.0.0.1:${studioPort}`, ws: true, changeOrigin: true } },
  },
});
await vite.listen();
const page = vite.resolvedUrls?.local[0] ?? 'http://127.0.0.1:5173/';
const studio = spawn(process.execPath, ['--watch', join(projectFolder, 'scripts/dev-studio.ts')], {
  stdio: 'inherit',
  env: {
    ...process.env,
    MILLRACE_STUDIO_TOKEN: token,
    MILLRACE_DEV_PORT: String(studioPort),
    MILLRACE_DEV_ORIGIN: new URL(page).origin,
    MILLRACE_DEV_PROJECT: project,
    MILLRACE_DEV_CLUSTER: cluster.status().bootstrapServers,
  },
});
console.log(`Millrace is open at ${page}#token=${token}`);

async function end(): Promise<void> {
  studio.kill('SIGTERM');
  await vite.close();
  await cluster.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());

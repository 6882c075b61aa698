import type { ClusterStatus } from '../engine/studio/contract.ts';
import { startStudio } from '../engine/studio/main.ts';

/** The studio of `npm run dev`, in a process of its own, so that it can be started anew while the cluster and the page stay. */
const { MILLRACE_DEV_PORT, MILLRACE_DEV_ORIGIN = '', MILLRACE_DEV_PROJECT, MILLRACE_DEV_CLUSTER = '' } = process.env;
const status: ClusterStatus = {
  state: 'running',
  bootstrap: MILLRACE_DEV_CLUSTER,
  brokers: MILLRACE_DEV_CLUSTER.split(',').map((address, index) => ({
    id: index + 1,
    address,
    state: 'running',
    isController: false,
    pid: null,
    memoryBytes: null,
    reason: null,
  })),
};
const studio = await startStudio({
  port: Number(MILLRACE_DEV_PORT),
  projectPath: MILLRACE_DEV_PROJECT,
  otherOrigins: [MILLRACE_DEV_ORIGIN],
  cluster: { status: () => status, onChange: () => () => {}, stop: async () => {} },
});
process.on('SIGTERM', () => void studio.stop().then(() => process.exit(0)));

import { connect } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { MillraceError } from '../../../base/errors.ts';
import { isRunning } from '../../../host/process-identity.ts';
import { readClusterFile } from './cluster-file.ts';
import type { ControlReply, ControlRequest } from './control-server.ts';

type Command<R = ControlRequest> = R extends ControlRequest ? Omit<R, 'clusterKey'> : never;
export type SupervisorAnswer = Extract<ControlReply, { type: 'done' }>;

/**
 * Asks the process that watches over the cluster in a data folder, whichever it is; undefined when none runs. `note` hears how it goes.
 * @throws MillraceError what the command fails with, `CONTROL_FAILED` when the process does not answer to its end
 */
export async function askSupervisor(
  dataFolder: string,
  command: Command,
  note: (text: string) => void,
): Promise<SupervisorAnswer | undefined> {
  const file = readClusterFile(resolve(dataFolder));
  if (!file?.supervisor || !isRunning(file.supervisor.pid, file.supervisor.startToken)) return undefined;
  if (file.controlPort === undefined)
    throw new MillraceError(
      'CONTROL_FAILED',
      `expected the cluster's process ${file.supervisor.pid} to take commands; it is of an older version`,
    );
  const request: ControlRequest = { clusterKey: file.clusterKey, ...command };
  const socket = connect({ host: '127.0.0.1', port: file.controlPort });
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket })) {
      const reply = JSON.parse(line) as ControlReply;
      if (reply.type === 'note') note(reply.text);
      if (reply.type === 'failed') throw new MillraceError(reply.code, reply.message);
      if (reply.type === 'done') return reply;
    }
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw new MillraceError('CONTROL_FAILED', `the cluster's process does not answer on port ${file.controlPort}`, {
      cause: error,
    });
  } finally {
    socket.destroy();
  }
  throw new MillraceError('CONTROL_FAILED', "the cluster's process ended before it was done");
}

import { askSupervisor } from './ask-supervisor.ts';

/** Restarts the brokers of the cluster in a data folder, whichever process watches over it; false when none runs. See `askSupervisor`. */
export async function restartCluster(
  dataFolder: string,
  isRolling: boolean,
  note: (text: string) => void,
): Promise<boolean> {
  return (await askSupervisor(dataFolder, { command: 'restart', isRolling }, note)) !== undefined;
}

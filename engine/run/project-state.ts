import { join } from 'node:path';
import { NodeDisk } from '../host/node-disk.ts';
import type { StateFolder } from './state-file.ts';

/**
 * Where the activities of a project in a folder keep what lasts from run to run: `.millrace/state` in that folder. Nothing locks it: of
 * two runs at a time the later write counts, whole.
 */
export function projectState(projectFolder: string): StateFolder {
  return { disk: new NodeDisk(`.${process.pid}.tmp`), folder: join(projectFolder, '.millrace', 'state') };
}

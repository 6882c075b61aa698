import type { Command } from './command.ts';
import { runClusterOptions } from './run-cluster.ts';

/** Options of `millrace run`. */
export const runOptions: Command['options'] = {
  profile: { type: 'string', short: 'p', value: 'name', help: 'Profile of the project: dev, prod, ...' },
  set: { type: 'string', multiple: true, value: 'name=value', help: 'Value of a property; wins over the profile' },
  process: { type: 'string', multiple: true, value: 'id', help: 'Run only this process; may be repeated' },
  cluster: { type: 'string', value: 'host:port', help: 'Bundled cluster to use; the one that runs here by default' },
  ...runClusterOptions,
  skip: {
    type: 'string',
    multiple: true,
    value: 'topic-0@17',
    help: 'Pass over a record that the process stopped at, and commit its offset; may be repeated',
  },
  'until-idle': { type: 'string', value: 'ms', help: 'Stop when no job has started or ended for so long' },
  'log-level': { type: 'string', value: 'level', help: 'debug, info (default), warn or error' },
};

import type { CommandEntry } from './command.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    path: ['studio'],
    summary: 'Open the designer on a project, with a cluster of its own',
    load: async () => (await import('./commands/studio.ts')).studio,
  },
  {
    path: ['run'],
    summary: 'Run a project or bundle headless',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    path: ['validate'],
    summary: 'Check a project or bundle',
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  {
    path: ['export'],
    summary: 'Export a project as one bundle that runs headless',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    path: ['cluster', 'start'],
    summary: 'Start a bundled cluster and watch over it until it is stopped',
    load: async () => (await import('./commands/cluster-start.ts')).clusterStart,
  },
  {
    path: ['cluster', 'status'],
    summary: 'Show which brokers run and whether they are ready',
    load: async () => (await import('./commands/cluster-status.ts')).clusterStatus,
  },
  {
    path: ['cluster', 'stop'],
    summary: 'Stop the cluster that runs in the data folder',
    load: async () => (await import('./commands/cluster-stop.ts')).clusterStop,
  },
  {
    path: ['cluster', 'restart'],
    summary: 'Restart the brokers of the cluster that runs, one after the other if asked',
    load: async () => (await import('./commands/cluster-restart.ts')).clusterRestart,
  },
  {
    path: ['cluster', 'add'],
    summary: 'Add a broker to the cluster that runs',
    load: async () => (await import('./commands/cluster-add.ts')).clusterAdd,
  },
  {
    path: ['cluster', 'remove'],
    summary: 'Move away what a broker holds, end it and take it out of the cluster',
    load: async () => (await import('./commands/cluster-remove.ts')).clusterRemove,
  },
  {
    path: ['broker', 'start'],
    summary: 'Start one broker by a server.properties or by KAFKA_ variables, as in a container',
    load: async () => (await import('./commands/broker-start.ts')).brokerStart,
  },
  {
    path: ['topic', 'list'],
    summary: 'List topics',
    load: async () => (await import('./commands/topic-list.ts')).topicList,
  },
  {
    path: ['topic', 'create'],
    summary: 'Create a topic',
    load: async () => (await import('./commands/topic-create.ts')).topicCreate,
  },
  {
    path: ['topic', 'describe'],
    summary: 'Show the partitions and settings of a topic',
    load: async () => (await import('./commands/topic-describe.ts')).topicDescribe,
  },
  {
    path: ['topic', 'delete'],
    summary: 'Delete a topic and its records',
    load: async () => (await import('./commands/topic-delete.ts')).topicDelete,
  },
  {
    path: ['send'],
    summary: 'Send records to a topic: the value given, or each line of standard input',
    load: async () => (await import('./commands/send.ts')).send,
  },
  {
    path: ['receive'],
    summary: 'Print the records of a topic as they arrive',
    load: async () => (await import('./commands/receive.ts')).receive,
  },
  {
    path: ['group', 'list'],
    summary: 'List consumer groups',
    load: async () => (await import('./commands/group-list.ts')).groupList,
  },
  {
    path: ['group', 'describe'],
    summary: 'Show the members and the lag of a consumer group',
    load: async () => (await import('./commands/group-describe.ts')).groupDescribe,
  },
  {
    path: ['connection', 'add'],
    summary: 'Save a connection to a Kafka cluster under a name',
    load: async () => (await import('./commands/connection-add.ts')).connectionAdd,
  },
  {
    path: ['connection', 'list'],
    summary: 'List saved connections, and which one is in use',
    load: async () => (await import('./commands/connection-list.ts')).connectionList,
  },
  {
    path: ['connection', 'use'],
    summary: 'Choose the connection that commands use where none is named',
    load: async () => (await import('./commands/connection-use.ts')).connectionUse,
  },
  {
    path: ['connection', 'show'],
    summary: 'Show the properties of a saved connection, without its secrets',
    load: async () => (await import('./commands/connection-show.ts')).connectionShow,
  },
  {
    path: ['connection', 'remove'],
    summary: 'Remove a saved connection',
    load: async () => (await import('./commands/connection-remove.ts')).connectionRemove,
  },
  {
    path: ['completion'],
    summary: 'Print what a shell needs to complete command lines',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  { path: ['version'], summary: 'Show the version', load: async () => (await import('./commands/version.ts')).version },
];

import { z } from 'zod';
import type { ContractHandlers } from '../rpc/define-contract.ts';
import { call, event, wireErrorSchema } from '../rpc/define-contract.ts';
import {
  jobDetailSchema,
  jobSummarySchema,
  jobsQuestionSchema,
  logLineSchema,
  runCountsSchema,
  runRequestSchema,
  runStatusSchema,
} from '../run/run-contract.ts';
import { lookupKinds } from '../spi/fields.ts';

export type { ActivityRun, Failure, JobDetail, JobSummary, ProcessCounts, RecordPlace } from '../run/run-contract.ts';

/**
 * Everything that crosses between the window and the studio server: JSON-RPC 2.0 over one WebSocket at `/studio`, from
 * a browser and from the Electron window alike. Method names are the keys of `contract`; events are notifications.
 * Offsets and timestamps are JSON numbers (exact to 2^53); bytes are base64.
 */

/** Files of a project by their path in its folder, with `/` between folders. `engine/model` reads and writes them. */
const projectFiles = z.record(z.string(), z.string());

export const projectSnapshotSchema = z.object({
  /** The project's folder. */
  path: z.string(),
  files: projectFiles,
  /** Changes when any of the files does; handed back on save to notice edits made by others meanwhile. */
  revision: z.string(),
});
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;

export const brokerStatusSchema = z.object({
  id: z.number().int(),
  address: z.string(),
  state: z.enum(['starting', 'running', 'stopped', 'restarting', 'failed']),
  isController: z.boolean(),
  pid: z.number().int().nullable(),
  memoryBytes: z.number().nullable(),
  /** Why it is not running, in a sentence. */
  reason: z.string().nullable(),
});
export type BrokerStatus = z.infer<typeof brokerStatusSchema>;

export const clusterStatusSchema = z.object({
  /** `none` when the studio was started without a cluster of its own. */
  state: z.enum(['none', 'starting', 'running', 'degraded', 'stopped']),
  bootstrap: z.string().nullable(),
  brokers: z.array(brokerStatusSchema),
});
export type ClusterStatus = z.infer<typeof clusterStatusSchema>;

/** How the run of a project stands. */
export const projectRunStatusSchema = runStatusSchema.extend({
  /** Path of the project that it is of; null while no project is open. Each project has one run at a time, whichever window started it. */
  project: z.string().nullable(),
});
export type ProjectRunStatus = Readonly<z.output<typeof projectRunStatusSchema>>;

/**
 * Which shared resource a call is about: one of the open project by its id, as it was saved; or its settings as they are in the
 * window, of a Kafka Connection where no type is named; or the bundled cluster when left out.
 */
const resourceRefSchema = z.union([
  z.string(),
  z.object({
    type: z.string().default('kafka.connection'),
    name: z.string(),
    config: z.record(z.string(), z.json()),
  }),
]);
const resourceRef = resourceRefSchema.optional();

/** The same, as it is asked for by callers that are about clusters. */
export type ConnectionRef = z.input<typeof resourceRefSchema>;
const connectionRef = resourceRef;

export const partitionSummarySchema = z.object({
  partition: z.number().int(),
  /** Broker id, or -1 when there is no leader. */
  leader: z.number().int(),
  replicas: z.array(z.number().int()),
  isr: z.array(z.number().int()),
  startOffset: z.number().nullable(),
  endOffset: z.number().nullable(),
});
export type PartitionSummary = z.infer<typeof partitionSummarySchema>;

export const topicSummarySchema = z.object({
  name: z.string(),
  id: z.string().nullable(),
  isInternal: z.boolean(),
  partitions: z.array(partitionSummarySchema),
  /** Upper bound on the number of records: the sum of end minus start. */
  messageCount: z.number().nullable(),
  sizeBytes: z.number().nullable(),
});
export type TopicSummary = z.infer<typeof topicSummarySchema>;

/** A key, value or header as it was read: how it was decoded, and why a decoder that was tried first failed. */
export const decodedSchema = z.object({
  format: z.enum(['null', 'json', 'text', 'bytes']),
  /** Text as shown (JSON keeps its digits as they were sent); base64 for bytes; empty for null. */
  text: z.string(),
  sizeBytes: z.number(),
  truncated: z.boolean(),
  reason: z.string().nullable(),
});
export type Decoded = z.infer<typeof decodedSchema>;

/** Where a page of messages ended in each partition that is not read to its end. */
const pageCursor = z.object({
  at: z.literal('cursor'),
  direction: z.enum(['back', 'on']),
  places: z.array(z.object({ partition: z.number().int().min(0), offset: z.number().int().min(0) })).max(100_000),
});

export const messageSchema = z.object({
  topic: z.string(),
  partition: z.number().int(),
  offset: z.number(),
  timestampMs: z.number(),
  key: decodedSchema,
  value: decodedSchema,
  /** In order, duplicates kept. */
  headers: z.array(z.object({ key: z.string(), value: decodedSchema })),
  /** How many headers the message has: more than `headers` where those would be too much to show. */
  headerCount: z.number().int(),
});
export type Message = z.infer<typeof messageSchema>;

export const contract = {
  /**
   * First call of a window, and again after the connection was lost: what the studio has open. `projectPath` names the project
   * that the window already shows; without it the window gets the project that the studio was started with.
   */
  'session.hello': call(
    z.object({ projectPath: z.string().min(1).optional() }),
    z.object({
      version: z.string(),
      project: projectSnapshotSchema.nullable(),
      cluster: clusterStatusSchema,
      /** Of the project that the window shows. */
      run: projectRunStatusSchema,
      /** Of its present or last run. */
      counts: runCountsSchema,
      /** Why the project that was asked for is not open. */
      problem: wireErrorSchema.optional(),
    }),
  ),

  'project.open': call(z.object({ path: z.string().min(1) }), projectSnapshotSchema),
  'project.create': call(z.object({ path: z.string().min(1), name: z.string().min(1) }), projectSnapshotSchema),
  /** Writes the files that differ and removes those that are gone. Refused with PROJECT_CHANGED_ON_DISK when `baseRevision` is not the files' own. */
  'project.save': call(
    z.object({ files: projectFiles, baseRevision: z.string(), overwrite: z.boolean().default(false) }),
    z.object({ revision: z.string() }),
  ),
  /** Recent projects, newest first. */
  'project.recent': call(z.object({}), z.array(z.object({ path: z.string(), name: z.string() }))),
  'project.export': call(
    z.object({ files: projectFiles }),
    z.object({ fileName: z.string(), contentBase64: z.string() }),
  ),
  'project.changedOnDisk': event(projectSnapshotSchema),

  /** Runs the document as it is in the window, saved or not. An empty list of processes means all. Refused with RUN_ACTIVE while the project runs. */
  'run.start': call(
    z.object({
      files: projectFiles,
      processes: z.array(z.string()).default([]),
      profile: z.string().optional(),
      /** Records to pass over: the way past one that the process stopped at (`failure.record`). Their offsets are committed. */
      skipRecords: runRequestSchema.shape.skipRecords.default([]),
    }),
    projectRunStatusSchema,
  ),
  'run.stop': call(z.object({}), projectRunStatusSchema),
  /** Events of runs go to the windows that show their project; one that comes to show it is told how things stand. */
  'run.status': event(projectRunStatusSchema),
  'run.counts': event(z.object({ project: z.string(), counts: runCountsSchema })),
  'run.log': event(logLineSchema.extend({ project: z.string() })),
  /** Newest first. */
  'run.jobs': call(jobsQuestionSchema, z.array(jobSummarySchema).readonly()),
  'run.job': call(z.object({ id: z.string() }), jobDetailSchema),
  /**
   * Data to try a mapping on: outputs of the activities before `activity`, from the newest job that has them, else from the
   * newest record of the topic that the starter reads and that is what it declares. `source` says which; null values where
   * nothing is known yet, and then `reason` says why. With a source, `reason` says what was passed over.
   */
  'run.sample': call(
    z.object({
      ...{ files: projectFiles, process: z.string(), activity: z.string() },
      /** Of an expression that a construct evaluates at a time of its own. */
      reads: z.enum(['loop', 'inside']).optional(),
    }),
    z.object({
      context: z.record(z.string(), z.unknown()),
      source: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),

  'cluster.status': event(clusterStatusSchema),

  /** Whether a shared resource can be used as it is set. `found` is a few words about what answered; refused with why nothing did. */
  'resource.probe': call(
    z.object({ resource: resourceRef, profile: z.string().optional() }),
    z.object({ found: z.string() }),
  ),
  /** What a shared resource has of a kind, sorted by name: what a form offers in a lookup field. */
  'resource.browse': call(
    z.object({ resource: resourceRef, what: z.enum(lookupKinds), profile: z.string().optional() }),
    z.array(z.object({ name: z.string(), note: z.string(), isInternal: z.boolean() })).readonly(),
  ),

  'topics.list': call(z.object({ connection: connectionRef }), z.array(topicSummarySchema)),
  'topics.create': call(
    z.object({
      connection: connectionRef,
      name: z.string().min(1).max(249),
      partitions: z.number().int().min(1).max(1000),
      replicationFactor: z.number().int().min(1).max(9),
      configs: z.record(z.string(), z.string()).default({}),
    }),
    z.object({}),
  ),
  'topics.delete': call(z.object({ connection: connectionRef, name: z.string() }), z.object({})),
  /**
   * A page of messages: the newest first, or from a place on, oldest first; by time between partitions, by offset inside of one.
   * `next` is the `from` of the page behind it, null when there is nothing more in that direction.
   */
  'topics.read': call(
    z.object({
      connection: connectionRef,
      topic: z.string(),
      partition: z.number().int().min(0).optional(),
      from: z
        .discriminatedUnion('at', [
          z.object({ at: z.literal('newest') }),
          z.object({ at: z.literal('oldest') }),
          z.object({ at: z.literal('offset'), offset: z.number().int().min(0) }),
          z.object({ at: z.literal('time'), timestampMs: z.number().int() }),
          pageCursor,
        ])
        .default({ at: 'newest' }),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    z.object({ messages: z.array(messageSchema), next: pageCursor.nullable() }),
  ),
  /** One message whole: each part up to 8 MiB instead of the preview that `topics.read` gives. */
  'topics.message': call(
    z.object({
      connection: connectionRef,
      topic: z.string(),
      partition: z.number().int().min(0),
      offset: z.number().int().min(0),
    }),
    messageSchema,
  ),
  /** The bytes of a key or value as they were sent, a piece at a time: of any size, for a download. */
  'topics.bytes': call(
    z.object({
      connection: connectionRef,
      topic: z.string(),
      partition: z.number().int().min(0),
      offset: z.number().int().min(0),
      part: z.enum(['key', 'value']),
      from: z.number().int().min(0),
    }),
    z.object({ contentBase64: z.string(), sizeBytes: z.number() }),
  ),
  'topics.produce': call(
    z.object({
      connection: connectionRef,
      topic: z.string(),
      partition: z.number().int().min(0).optional(),
      key: z.string().nullable(),
      value: z.string().nullable(),
      headers: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
    }),
    z.object({ partition: z.number().int(), offset: z.number() }),
  ),
  /** Starts a live tail; ends with `topics.untail`, or with the window. */
  'topics.tail': call(z.object({ connection: connectionRef, topic: z.string() }), z.object({ tailId: z.string() })),
  'topics.untail': call(z.object({ tailId: z.string() }), z.object({})),
  /**
   * New messages, oldest first. `dropped` counts those left out because the window could not keep up; `failures` says which
   * partitions cannot be read on as things stand, and why.
   */
  'topics.tailed': event(
    z.object({
      tailId: z.string(),
      messages: z.array(messageSchema),
      dropped: z.number(),
      failures: z.array(z.object({ partition: z.number().int(), message: z.string() })),
    }),
  ),
} as const;

/** The studio contract's type, for clients and handlers. */
export type StudioContract = typeof contract;

/** A function for each call; `Session` is what the server keeps of a window. */
export type StudioHandlers<Session> = ContractHandlers<StudioContract, Session>;

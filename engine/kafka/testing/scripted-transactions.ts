import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';
import type { ScriptedLogs } from './scripted-logs.ts';

/** What happens to one request to the coordinator: it is refused, or carried out and its answer lost. */
export type CoordinatorFault = number | 'answer lost';

/** The coordinator of one transactional id, in either version of the protocol, judged as Kafka's judges. */
export class ScriptedTransactions {
  coordinator = 1;
  producerId = 500;
  epoch = -1;
  /** How the last transaction ended, under which epoch it was written. */
  #ended: { readonly epoch: number; readonly isCommit: boolean } | undefined;
  /** The epoch that the last InitProducerId followed: asked again, it is answered again (KIP-360). */
  #followed: number | undefined;
  readonly #partitions = new Set<string>();
  #pending = new Map<string, number>();
  /** Values of committed transactions, by `topic-partition`. */
  readonly committed = new Map<string, string[]>();
  readonly offsets = new Map<string, number>();
  /** Decides about each request of the coordinator's. */
  fault: (api: string) => CoordinatorFault | undefined = () => undefined;
  readonly #lengths = new Map<string, number>();
  readonly #logs: ScriptedLogs;
  readonly #isV2: boolean;

  constructor(cluster: ScriptedCluster, logs: ScriptedLogs, isV2: boolean) {
    this.#logs = logs;
    this.#isV2 = isV2;
    if (isV2) cluster.features.set('transaction.version', 2);
    cluster.on(apis.findCoordinator, ({ body }) => ({
      throttleTimeMs: 0,
      coordinators: body.coordinatorKeys.map((key) => ({
        key,
        nodeId: this.coordinator,
        host: `broker-${this.coordinator}`,
        port: cluster.portOf(this.coordinator),
        errorCode: 0,
        errorMessage: null,
      })),
    }));
    cluster.on(apis.initProducerId, ({ broker, body }) =>
      this.#carryOut('init', broker, undefined, () => {
        const told = { throttleTimeMs: 0, errorCode: 0, producerId: this.producerId };
        const isRepeated = body.producerEpoch >= 0 && body.producerEpoch === this.#followed;
        if (isRepeated) return { ...told, producerEpoch: this.epoch };
        const isStale = body.producerEpoch >= 0 && body.producerEpoch !== this.epoch;
        if (isStale) return { ...told, errorCode: errorCode.PRODUCER_FENCED, producerEpoch: -1 };
        this.#followed = body.producerEpoch < 0 ? undefined : body.producerEpoch;
        this.#end(false);
        this.epoch++;
        this.#ended = undefined;
        return { ...told, producerEpoch: this.epoch };
      }),
    );
    cluster.on(apis.addPartitionsToTxn, ({ broker, body }) =>
      this.#carryOut('add partitions', broker, body.v3AndBelowProducerEpoch, (code) => {
        const topics = body.v3AndBelowTopics;
        if (code === 0)
          for (const { name, partitions } of topics)
            for (const partition of partitions) this.#partitions.add(`${name}-${partition}`);
        return {
          throttleTimeMs: 0,
          resultsByTopicV3AndBelow: topics.map(({ name, partitions }) => ({
            name,
            resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: code })),
          })),
        };
      }),
    );
    this.#serveOffsets(cluster);
    this.#serveEnds(cluster);
    // Version 1: what is written to a partition that was not added would hang.
    cluster.on(apis.produce, ({ body }) => {
      const names = body.topicData.flatMap(({ name, topicId, partitionData }) =>
        partitionData.map(({ index }) => `${name || this.#nameOf(topicId)}-${index}`),
      );
      const isBare = !isV2 && names.some((name) => !this.#partitions.has(name));
      if (isBare) throw new Error(`a batch for ${names.join(', ')} came before its partition was added`);
      return undefined;
    });
  }

  #serveOffsets(cluster: ScriptedCluster): void {
    cluster.on(apis.addOffsetsToTxn, ({ broker, body }) =>
      this.#carryOut('add offsets', broker, body.producerEpoch, (code) => ({ throttleTimeMs: 0, errorCode: code })),
    );
    cluster.on(apis.txnOffsetCommit, ({ broker, body }) =>
      this.#carryOut('offsets', broker, body.producerEpoch, (code) => ({
        throttleTimeMs: 0,
        topics: body.topics.map(({ name, topicId, partitions }) => ({
          name,
          topicId,
          partitions: partitions.map(({ partitionIndex, committedOffset }) => {
            if (code === 0) this.#pending.set(`${name || topicId}-${partitionIndex}`, Number(committedOffset));
            return { partitionIndex, errorCode: code };
          }),
        })),
      })),
    );
  }

  #serveEnds(cluster: ScriptedCluster): void {
    cluster.on(apis.endTxn, ({ broker, body }) =>
      this.#carryOut('end', broker, undefined, (refusal) => {
        const code = refusal || this.#judgeEnd(body.producerEpoch, body.committed);
        const next = this.#isV2 && code === 0 ? { producerId: this.producerId, producerEpoch: this.epoch } : {};
        return { throttleTimeMs: 0, errorCode: code, ...next };
      }),
    );
  }

  #judgeEnd(epoch: number, isCommit: boolean): number {
    const isRepeated = this.#ended?.epoch === epoch && this.#ended.isCommit === isCommit;
    if (isRepeated && (this.#isV2 || epoch === this.epoch)) return 0;
    if (epoch !== this.epoch) return errorCode.PRODUCER_FENCED;
    this.#end(isCommit);
    this.#ended = { epoch, isCommit };
    if (this.#isV2) this.epoch++;
    return 0;
  }

  #end(isCommit: boolean): void {
    for (const [name, { partitions }] of this.#logs.topics)
      for (const [index, { records }] of partitions.entries()) {
        const key = `${name}-${index}`;
        const values = records.slice(this.#lengths.get(key) ?? 0).map(({ value }) => String(value));
        if (isCommit) this.committed.set(key, [...(this.committed.get(key) ?? []), ...values]);
        this.#lengths.set(key, records.length);
      }
    if (isCommit) for (const [key, offset] of this.#pending) this.offsets.set(key, offset);
    this.#pending = new Map();
    this.#partitions.clear();
  }

  #carryOut<T>(api: string, broker: number, epoch: number | undefined, answer: (code: number) => T): T | 'close' {
    if (broker !== this.coordinator) return answer(errorCode.NOT_COORDINATOR);
    const fault = this.fault(api);
    if (typeof fault === 'number') return answer(fault);
    if (epoch !== undefined && epoch !== this.epoch) return answer(errorCode.PRODUCER_FENCED);
    // Only what opens a transaction makes its end a new one.
    if (api !== 'end' && api !== 'init') this.#ended = undefined;
    const said = answer(0);
    return fault === 'answer lost' ? 'close' : said;
  }

  #nameOf(id: string): string {
    return [...this.#logs.topics].find(([, topic]) => topic.id === id)?.[0] ?? '';
  }
}

/** What went through the partitions of a topic on this broker; numbers only grow. Bytes are those of record batches. */
export class TopicTraffic {
  messagesIn = 0;
  bytesIn = 0;
  /** To consumers. */
  bytesOut = 0;
  /** From the leader, as a follower. */
  replicationBytesIn = 0;
  /** To followers. */
  replicationBytesOut = 0;
  /** Appends and reads of single partitions, and those that were refused. */
  produceRequests = 0;
  failedProduceRequests = 0;
  fetchRequests = 0;
  failedFetchRequests = 0;

  produced(messages: number, bytes: number): void {
    this.messagesIn += messages;
    this.bytesIn += bytes;
  }
}

/** What is counted of a topic. */
export type TrafficCount = Exclude<keyof TopicTraffic, 'produced'>;

/** Traffic by topic. A topic that is gone leaves its share in the total, which must not go back. */
export class TopicTraffics {
  readonly #byTopic = new Map<string, TopicTraffic>();
  readonly #gone = new TopicTraffic();

  /** The traffic of a topic, from now on kept. */
  of(topic: string): TopicTraffic {
    let traffic = this.#byTopic.get(topic);
    if (!traffic) {
      traffic = new TopicTraffic();
      this.#byTopic.set(topic, traffic);
    }
    return traffic;
  }

  entries(): Iterable<readonly [string, TopicTraffic]> {
    return this.#byTopic;
  }

  total(): TopicTraffic {
    const total = new TopicTraffic();
    addTo(total, this.#gone);
    for (const traffic of this.#byTopic.values()) addTo(total, traffic);
    return total;
  }

  /** Keeps only topics that there still are. */
  keep(exists: (topic: string) => boolean): void {
    for (const [topic, traffic] of this.#byTopic) {
      if (exists(topic)) continue;
      addTo(this.#gone, traffic);
      this.#byTopic.delete(topic);
    }
  }
}

function addTo(sum: TopicTraffic, part: TopicTraffic): void {
  for (const key of Object.keys(sum) as TrafficCount[]) sum[key] += part[key];
}

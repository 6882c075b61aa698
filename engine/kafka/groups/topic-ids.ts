import { apis } from '../../protocol/api-keys.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';

/** Names of topics that a coordinator tells only the ids of. */
export class TopicIds {
  readonly #client: ClusterClient;
  readonly #names = new Map<string, string>();

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  nameOf(id: string): string | undefined {
    return this.#names.get(id);
  }

  /** Asks for those that are not known. What stays unknown was deleted, or is not known to the broker that was asked. */
  async learn(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const unknown = ids.filter((id) => !this.#names.has(id));
    if (unknown.length === 0) return;
    const body = { topics: unknown.map((topicId) => ({ topicId, name: null })), allowAutoTopicCreation: false };
    const { topics } = await this.#client.requestAny(apis.metadata, body, { signal });
    for (const { topicId, name, errorCode } of topics)
      if (errorCode === 0 && name !== null) this.#names.set(topicId, name);
  }
}

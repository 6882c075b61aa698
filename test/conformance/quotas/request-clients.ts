import { apis } from '../../../engine/protocol/api-keys.ts';
import { errorCode } from '../../../engine/protocol/error-codes.ts';
import { RawClient } from '../../kit/raw-client.ts';

/** Topics of one partition that could be made in a second; who is refused waits as long as it is told. */
export async function topicsPerSecond(bootstrap: string, seconds: number): Promise<number> {
  const client = new RawClient(bootstrap);
  const begun = performance.now();
  let made = 0;
  for (let index = 0; performance.now() - begun < seconds * 1_000; index++) {
    const topic = { name: `made-${index}`, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    const answer = await client.call(apis.createTopics, 7, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
    const code = answer.topics[0]?.errorCode;
    if (code === errorCode.NONE) made++;
    else if (code === errorCode.THROTTLING_QUOTA_EXCEEDED) await pause(answer.throttleTimeMs);
    else throw new Error(`expected a topic, found error ${code}`);
  }
  client.close();
  return made / seconds;
}

/** New connections that were served in a second, of several who try without a pause. */
export async function connectionsPerSecond(bootstrap: string, seconds: number): Promise<number> {
  const begun = performance.now();
  let served = 0;
  const one = async () => {
    while (performance.now() - begun < seconds * 1_000) {
      const client = new RawClient(bootstrap);
      try {
        await client.call(apis.apiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
        served++;
      } catch {
        // Closed after a wait: that is what is measured.
      } finally {
        client.close();
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return served / seconds;
}

/** Requests for metadata that were answered in a second, of one who asks without a pause. */
export async function requestsPerSecond(bootstrap: string, seconds: number): Promise<number> {
  const client = new RawClient(bootstrap);
  const begun = performance.now();
  let answered = 0;
  while (performance.now() - begun < seconds * 1_000) {
    await client.call(apis.metadata, 9, { topics: null, allowAutoTopicCreation: false });
    answered++;
  }
  client.close();
  return answered / seconds;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(() => done(), ms);
  });
}

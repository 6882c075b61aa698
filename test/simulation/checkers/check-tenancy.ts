import type { MetadataImage } from '../../../engine/broker/controller/metadata-image.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { errorCode } from '../clients/errors.ts';
import { KafkaClient } from '../clients/kafka-client.ts';
import type { Steward } from '../clients/tenancy/steward.ts';
import { vaultNames } from '../clients/tenancy/steward.ts';
import type { World } from '../world/world.ts';
import type { Report } from './check-final.ts';

/** Every quota and rule that was acknowledged is in the metadata of every broker, and none that was taken away is. */
export function checkTenancy(world: World, steward: Steward, report: Report): void {
  const { quotas, denied, pending } = steward;
  for (const { broker, name } of world.machines) {
    const image = broker?.inspect()?.image;
    if (!image) continue;
    for (const [quota, { clientId, key, value }] of quotas) {
      const found = quotaIn(image, clientId, key);
      if (found !== value && !pending.get(quota)?.has(found))
        report('tenancy', `${key} of ${clientId} on ${name}: expected ${value ?? 'none'}, found ${found ?? 'none'}`);
    }
    for (const [vault, isDenied] of denied) {
      const count = [...image.subjects.acls.values()].filter((acl) => acl.resourceName === vault).length;
      if (count !== Number(isDenied) && !pending.get(vault)?.has(count === 1))
        report('tenancy', `rules for ${vault} on ${name}: expected ${Number(isDenied)}, found ${count}`);
    }
  }
}

function quotaIn(image: MetadataImage, clientId: string, key: string): number | null {
  const held = [...image.subjects.quotas.values()].find(({ entity }) => entity['client-id'] === clientId);
  return held?.values.get(key) ?? null;
}

/** Asks each broker for what it must not tell: a rule that a broker knows and does not keep would let it out. */
export async function probeVaults(world: World, { denied, pending }: Steward, report: Report): Promise<void> {
  const client = new KafkaClient(world, 'burglar', 998);
  for (const { id, name, isUp } of world.machines) {
    if (!isUp) continue;
    for (const vault of vaultNames) {
      const isDenied = denied.get(vault);
      if (isDenied === undefined || pending.get(vault)?.has(!isDenied)) continue;
      const request = { topics: [{ name: vault }], allowAutoTopicCreation: false };
      const reply = await client.ask(id, apis.metadata, request);
      const code = reply?.topics[0]?.errorCode;
      const expected = isDenied ? errorCode.TOPIC_AUTHORIZATION_FAILED : errorCode.UNKNOWN_TOPIC_OR_PARTITION;
      if (code !== undefined && code !== expected)
        report('tenancy', `${vault} asked of ${name}: expected error ${expected}, found ${code}`);
    }
  }
  client.stop();
}

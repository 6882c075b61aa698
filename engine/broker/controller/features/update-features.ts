import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { UpdateFeaturesRequest, updateFeaturesResponse } from '../../../protocol/schemas/57-update-features.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newConfig, newFeatureLevel, newNoOp } from '../new-record.ts';
import type { FeatureRange } from './features-image.ts';
import { features, metadataChangedAt, registeredFeatures } from './supported-features.ts';

type Reply = MessageInput<typeof updateFeaturesResponse>;
type Asked = UpdateFeaturesRequest['featureUpdates'][number];

/** Kafka's `FeatureUpdate.UpgradeType`. */
const upgradeTypes = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;
const minInsyncReplicas = 'min.insync.replicas';

/**
 * Moves the finalized levels of features (KIP-584), all of them or none: up as far as every registered broker goes, down only
 * where it is asked for as a downgrade, and never where metadata would be lost.
 */
export function planUpdateFeatures(view: ControllerView, request: UpdateFeaturesRequest): Plan<Reply> {
  const asked = new Map(request.featureUpdates.map((update) => [update.feature, update]));
  const records: MetadataRecord[] = [];
  let writesVoters: true | undefined;
  for (const update of asked.values()) {
    const planned = planOne(view, update);
    if (!planned.ok) return refusal(planned.error);
    if (planned.value) records.push(planned.value);
    if (planned.value?.name === 'NoOpRecord') writesVoters = true;
  }
  if (request.validateOnly) return { records: [], reply: accepted(request) };
  const elr = asked.get(features.eligibleLeaderReplicasVersion.name);
  if (elr && elr.maxVersionLevel > 0) records.unshift(...oneMinIsr(view));
  return { records, reply: accepted(request), ...(writesVoters ? { writesVoters } : {}) };
}

function planOne({ image }: ControllerView, update: Asked): Result<MetadataRecord | undefined, string> {
  const { feature, maxVersionLevel: level, upgradeType } = update;
  const refuse = (reason: string) =>
    refused(`Invalid update version ${level} for feature ${feature}. ${reason}`) as Result<never, string>;
  if (!Object.values(upgradeTypes).some((type) => type === upgradeType))
    return refuse('The controller does not support the given upgrade type.');
  const current = image.featureLevel(feature);
  if (level < 0) return refuse('A feature version cannot be less than 0.');
  const unsupported = whyNotSupported(image.brokers, feature, level);
  if (unsupported) return refuse(unsupported);
  if (level < current && upgradeType === upgradeTypes.upgrade)
    return refuse(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  if (level > current && upgradeType !== upgradeTypes.upgrade) return refuse("Can't downgrade to a newer version.");
  if (feature === features.metadataVersion.name && metadataChangedAt.some((at) => at > level && at <= current))
    return refused(
      `Unsupported metadata.version downgrade from ${current} to ${level}. ${
        upgradeType === upgradeTypes.unsafeDowngrade
          ? 'Unsafe metadata downgrade is not supported in this version.'
          : 'Refusing to perform the requested downgrade because it might delete metadata information.'
      }`,
    );
  if (feature === features.kraftVersion.name) {
    if (level < current) return refuse("Can't downgrade the version of this feature.");
    // Its level is that of the voters' own record; this one is what the answer waits for.
    return ok(level > current ? newNoOp() : undefined);
  }
  return ok(newFeatureLevel(feature, level));
}

/** Every broker is a controller: the registrations speak for both. */
function whyNotSupported(
  brokers: ControllerView['image']['brokers'],
  feature: string,
  level: number,
): string | undefined {
  const here = whyNot('This controller', registeredFeatures, feature, level);
  if (here) return here;
  for (const broker of brokers.values()) {
    const reason = whyNot(`Broker ${broker.id}`, broker.features, feature, level);
    if (reason) return reason;
  }
  return undefined;
}

function whyNot(who: string, ranges: readonly FeatureRange[], feature: string, level: number): string | undefined {
  const range = ranges.find(({ name }) => name === feature);
  const { minSupportedVersion: min, maxSupportedVersion: max } = range ?? absent;
  if (level >= min && level <= max) return undefined;
  if (max === 0) return `${who} does not support this feature.`;
  return `${who} only supports versions ${min === max ? min : `${min}-${max}`}`;
}

const absent = { minSupportedVersion: 0, maxSupportedVersion: 0 };

/**
 * With eligible leader replicas the minimum is a promise of the cluster, which no single broker may change (KIP-966): it gets a
 * value of its own, and those of brokers go.
 */
function oneMinIsr({ image, settings }: ControllerView): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const [name, overrides] of image.subjects.configs.broker) {
    if (name !== '' && overrides.has(minInsyncReplicas))
      records.push(newConfig('broker', name, minInsyncReplicas, null));
  }
  if (!image.configs('broker', '').has(minInsyncReplicas))
    records.unshift(newConfig('broker', '', minInsyncReplicas, String(settings.minInsyncReplicas)));
  return records;
}

function refusal(reason: string): Plan<Reply> {
  const errorMessage = `The update failed for all features since the following feature had an error: ${reason}`;
  return { records: [], reply: { errorCode: errorCode.INVALID_UPDATE_VERSION, errorMessage, results: [] } };
}

/** Versions 0 and 1 have a row for each feature; later ones do not carry them. */
function accepted({ featureUpdates }: UpdateFeaturesRequest): Reply {
  const results = featureUpdates.map(({ feature }) => ({
    feature,
    errorCode: errorCode.NONE,
    errorMessage: null,
  }));
  return { errorCode: errorCode.NONE, errorMessage: null, results };
}

import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { millrace } from '../kit/millrace.ts';
import type { RunningCluster } from '../kit/test-clusters.ts';
import { testClusters } from '../kit/test-clusters.ts';
import { recordsOf } from '../kit/topic-records.ts';

const sample = fileURLToPath(new URL('../../examples/earthquakes', import.meta.url));

interface Quake {
  readonly id: string;
  readonly properties: { mag: number | null; place: string; time: number; tsunami: number; net: string; url: string };
  readonly geometry: { coordinates: [number, number, number] };
}

const { features } = JSON.parse(readFileSync(join(sample, 'data/earthquakes.json'), 'utf8')) as { features: Quake[] };
const strong = features.filter(({ properties: { mag } }) => mag !== null && mag >= 4.5);
const tsunami = features.filter(({ properties }) => properties.tsunami === 1);

const time = ({ properties }: Quake) => new Date(properties.time).toISOString();

// What must arrive, worked out from the data alone.
const alerts = strong.map((quake) => ({
  depthKm: quake.geometry.coordinates[2],
  id: quake.id,
  magnitude: quake.properties.mag,
  place: quake.properties.place,
  position: { longitude: quake.geometry.coordinates[0], latitude: quake.geometry.coordinates[1] },
  severity: quake.properties.mag! >= 6 ? 'strong' : 'moderate',
  time: time(quake),
  url: quake.properties.url,
}));
const watches = tsunami.map((quake) => ({
  id: quake.id,
  magnitude: quake.properties.mag,
  network: quake.properties.net.toUpperCase(),
  region: quake.properties.place.split(/ of (.*)/s)[1] ?? quake.properties.place,
  time: time(quake),
}));

const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1));

// A run finds its brokers by their own addresses, which the relay does not have.
const clusters = testClusters.filter(({ name }) => !name.includes('relay'));

describe.each(clusters)('the sample on $name', (cluster) => {
  const test = cluster.whyNot ? it.skip : it;
  let running: RunningCluster;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;
  let folder: string;

  beforeAll(async () => {
    if (cluster.whyNot) return;
    running = await cluster.start();
    connection = testConnection(running.settings);
    admin = new KafkaAdmin(connection);
    folder = join(mkdtempSync(join(tmpdir(), 'millrace-sample-')), 'earthquakes');
    cpSync(sample, folder, { recursive: true, filter: (path) => !path.includes('.millrace') });
    if (running.settings.transport === 'websocket') return;
    const file = join(folder, 'resources/cluster.kafka.json');
    const resource = JSON.parse(readFileSync(file, 'utf8'));
    resource.config = { cluster: 'servers', bootstrapServers: running.settings.bootstrapServers };
    writeFileSync(file, JSON.stringify(resource));
  });
  afterAll(async () => {
    if (cluster.whyNot) return;
    await admin.close();
    await running.stop();
  });

  async function startAnew(): Promise<void> {
    const groups = await admin.listGroups();
    if (groups.some(({ id }) => id === 'triage')) await admin.deleteGroup('triage');
    const known = await admin.listTopics();
    for (const topic of ['quakes', 'alerts', 'tsunami-watch']) {
      if (known.includes(topic)) await admin.deleteTopic(topic);
      await admin.createTopic({ name: topic, partitions: 3 });
    }
  }

  async function expectResults(): Promise<void> {
    const quakes = await recordsOf(connection, 'quakes');
    expect(new Set(quakes.map(({ key }) => String(key)))).toEqual(new Set(features.map(({ id }) => id)));
    const sentAlerts = await recordsOf(connection, 'alerts');
    expect(byId(sentAlerts.map(({ value }) => JSON.parse(String(value))))).toEqual(byId(alerts));
    for (const { headers, value } of sentAlerts)
      expect(headers.map(({ key, value: text }) => [key, String(text)])).toEqual([
        ['severity', JSON.parse(String(value)).severity],
      ]);
    const sentWatches = await recordsOf(connection, 'tsunami-watch');
    expect(byId(sentWatches.map(({ value }) => JSON.parse(String(value))))).toEqual(byId(watches));
  }

  const counts = (out: string) => JSON.parse(out).counts;

  test('gives exactly the alerts and watches of its data, from its folder', async () => {
    await startAnew();
    const run = await millrace([
      'run',
      folder,
      '--profile',
      'fast',
      '--cluster',
      running.settings.bootstrapServers,
      '--until-idle',
      '2000',
      '--json',
    ]);
    expect(run.code, run.error).toBe(0);
    expect(counts(run.out)).toMatchObject({
      'replay-feed': { jobs: { completed: features.length, failed: 0 } },
      triage: { jobs: { completed: features.length, failed: 0 } },
    });
    await expectResults();
  });

  test('gives the same from its bundle, one process after the other', async () => {
    await startAnew();
    const bundle = join(folder, '../earthquakes.millrace');
    expect((await millrace(['export', folder, '-o', bundle])).code).toBe(0);
    const target = ['--profile', 'fast', '--cluster', running.settings.bootstrapServers, '--json'];
    const feed = await millrace(['run', bundle, '--process', 'replay-feed', ...target]);
    expect([feed.code, counts(feed.out)], feed.error).toMatchObject([
      0,
      { 'replay-feed': { jobs: { completed: features.length } } },
    ]);
    const triage = await millrace(['run', bundle, '--process', 'triage', '--until-idle', '2000', ...target]);
    expect([triage.code, Object.keys(counts(triage.out))], triage.error).toEqual([0, ['triage']]);
    await expectResults();
  });
});

import type { Project } from '../../../engine/model/document.ts';

/** A small project that uses every kind of wire: earthquakes, sorted by magnitude. */
export const sampleProject: Project = {
  format: 2,
  name: 'earthquakes',
  version: '1.0.0',
  properties: {},
  resources: {
    cluster: { id: 'cluster', type: 'kafka.connection', name: 'Bundled cluster', config: {} },
  },
  profiles: {},
  schemas: {},
  tests: {},
  processes: {
    'triage-quakes': {
      id: 'triage-quakes',
      name: 'Triage quakes',
      activities: {
        receive: {
          id: 'receive',
          name: 'Receive quakes',
          type: 'kafka.receive-message',
          config: { connection: 'cluster', topics: ['quakes'], groupId: 'triage', startFrom: 'earliest' },
          input: {},
        },
        map: {
          id: 'map',
          name: 'Make alert',
          type: 'general.mapper',
          config: {},
          input: {
            id: 'receive.value.id',
            magnitude: 'receive.value.properties.mag',
            place: '$trim($substringAfter(receive.value.properties.place, " of "))',
            depthKm: 'receive.value.geometry.coordinates[2]',
          },
        },
        send: {
          id: 'send',
          name: 'Send alert',
          type: 'kafka.send-message',
          config: { connection: 'cluster', topic: 'quake-alerts' },
          input: { value: 'map', key: 'map.id' },
        },
        log: {
          id: 'log',
          name: 'Log minor quake',
          type: 'general.log',
          config: {},
          input: { message: '"minor: " & map.place' },
        },
        failed: {
          id: 'failed',
          name: 'Log failure',
          type: 'general.log',
          config: {},
          input: { message: 'error.message' },
        },
      },
      transitions: [
        { id: 'receive-map', from: 'receive', to: 'map', kind: 'success' },
        { id: 'map-send', from: 'map', to: 'send', kind: 'condition', condition: 'map.magnitude >= 4.5' },
        { id: 'map-log', from: 'map', to: 'log', kind: 'otherwise' },
        { id: 'send-failed', from: 'send', to: 'failed', kind: 'error' },
      ],
      layout: {
        positions: {
          receive: { x: 48, y: 160 },
          map: { x: 336, y: 160 },
          send: { x: 656, y: 80 },
          log: { x: 656, y: 240 },
          failed: { x: 944, y: 208 },
        },
      },
    },
    'replay-feed': {
      id: 'replay-feed',
      name: 'Replay feed',
      activities: {
        timer: { id: 'timer', name: 'Every second', type: 'general.timer', config: {}, input: {} },
      },
      transitions: [],
      layout: { positions: { timer: { x: 48, y: 96 } } },
    },
  },
};

/** What `run.sample` answers for it: a record as the feed of the US Geological Survey has them. */
export const sampleContext: Readonly<Record<string, unknown>> = {
  receive: {
    topic: 'quakes',
    partition: 2,
    offset: 1041,
    timestamp: 1_760_000_000_000,
    key: 'us7000abcd',
    value: {
      id: 'us7000abcd',
      type: 'Feature',
      properties: { mag: 5.6, place: '38 km SSW of Hihifo, Tonga', time: 1_760_000_000_000, tsunami: 0, felt: null },
      geometry: { type: 'Point', coordinates: [-174.12, -16.27, 35.4] },
    },
    headers: { source: 'usgs' },
  },
  map: { id: 'us7000abcd', magnitude: 5.6, place: 'Hihifo, Tonga', depthKm: 35.4 },
  job: { id: '7f3', process: 'triage-quakes' },
  properties: {},
};

import type { RuntimeLoaders } from '../engine/spi/define-runtime.ts';

/** How to load the Node implementation of each activity and shared resource, by type. */
export const runtimes: RuntimeLoaders = {
  'file.read-records': async () => (await import('./file/read-records/runtime.ts')).runtime,
  'general.log': async () => (await import('./general/log/runtime.ts')).runtime,
  'general.mapper': async () => (await import('./general/mapper/runtime.ts')).runtime,
  'general.timer': async () => (await import('./general/timer/runtime.ts')).runtime,
  'kafka.connection': async () => (await import('./kafka/connection/runtime.ts')).runtime,
  'kafka.receive-message': async () => (await import('./kafka/receive-message/runtime.ts')).runtime,
  'kafka.send-message': async () => (await import('./kafka/send-message/runtime.ts')).runtime,
};

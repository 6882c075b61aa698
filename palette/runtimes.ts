import type { RuntimeLoaders } from '../engine/spi/define-runtime.ts';

/** How to load the Node implementation of each activity and shared resource, by type. */
export const runtimes: RuntimeLoaders = {
  'file.read-records': async () => (await import('./file/read-records/runtime.ts')).runtime,
  'general.get-variable': async () => (await import('./general/get-variable/runtime.ts')).runtime,
  'general.log': async () => (await import('./general/log/runtime.ts')).runtime,
  'general.mapper': async () => (await import('./general/mapper/runtime.ts')).runtime,
  'general.set-variable': async () => (await import('./general/set-variable/runtime.ts')).runtime,
  'general.sleep': async () => (await import('./general/sleep/runtime.ts')).runtime,
  'general.throw': async () => (await import('./general/throw/runtime.ts')).runtime,
  'general.timer': async () => (await import('./general/timer/runtime.ts')).runtime,
  'general.variable': async () => (await import('./general/variable/runtime.ts')).runtime,
  'kafka.connection': async () => (await import('./kafka/connection/runtime.ts')).runtime,
  'kafka.get-messages': async () => (await import('./kafka/get-messages/runtime.ts')).runtime,
  'kafka.receive-message': async () => (await import('./kafka/receive-message/runtime.ts')).runtime,
  'kafka.send-message': async () => (await import('./kafka/send-message/runtime.ts')).runtime,
};

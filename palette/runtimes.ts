import type { RuntimeLoaders } from '../engine/spi/define-runtime.ts';

/** How to load the Node implementation of each activity and shared resource, by type. */
export const runtimes: RuntimeLoaders = {};

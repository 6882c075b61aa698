import { metadataHandler } from './03-metadata.ts';
import { apiVersionsHandler } from './18-api-versions.ts';
import { describeClusterHandler } from './60-describe-cluster.ts';
import type { ApiHandler } from './handler.ts';

/** Every API that this broker serves, by key. */
export const handlers: readonly ApiHandler[] = [metadataHandler, apiVersionsHandler, describeClusterHandler];

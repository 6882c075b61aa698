import { MillraceError } from '../../base/errors.ts';
import type { ResourceInstance } from '../../spi/runtime.ts';
import type { StudioHandlers } from '../contract.ts';
import type { StudioSession } from '../session.ts';
import type { ResourceGround, ResourceRef } from './open-ref.ts';
import { openRef } from './open-ref.ts';

type ResourceHandlers = Pick<StudioHandlers<StudioSession>, 'resource.probe' | 'resource.browse'>;

/** The calls about shared resources of any type: whether one can be used, what it has to offer. */
export function resourceHandlers(ground: ResourceGround): ResourceHandlers {
  const withOpened = async <T>(
    { resource, profile }: { readonly resource?: ResourceRef | undefined; readonly profile?: string | undefined },
    session: StudioSession,
    use: (opened: ResourceInstance) => Promise<T> | undefined,
  ): Promise<T> => {
    const opened = await openRef(resource, session, ground, profile);
    try {
      const used = use(opened);
      if (used) return await used;
    } finally {
      await opened.close();
    }
    const message = 'expected a shared resource that can be looked into, found one of a type that offers no such thing';
    throw new MillraceError('RESOURCE_CLOSED_TO_LOOKS', message);
  };
  return {
    'resource.probe': async (params, session) => ({
      found: await withOpened(params, session, (opened) => opened.probe?.()),
    }),
    'resource.browse': ({ what, ...params }, session) => withOpened(params, session, (opened) => opened.browse?.(what)),
  };
}

import { MillraceError } from '../../../base/errors.ts';

/** A command reached a broker that is not the active controller, or that ceased to be before the command was committed. */
export class NotControllerError extends MillraceError {
  override readonly name = 'NotControllerError';

  constructor(nodeId: number) {
    super('NOT_CONTROLLER', `broker ${nodeId} is not the active controller`, { retriable: true });
  }
}

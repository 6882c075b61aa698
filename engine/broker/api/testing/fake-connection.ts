import type { FrameConnection } from '../../../base/net.ts';

/** A connection that only says who is on the other end. */
export class FakeConnection implements FrameConnection {
  readonly remoteAddress = 'memory:0';
  readonly isPeer: boolean;
  readonly bufferedBytes = 0;
  closeReason: string | undefined;
  onFrame: (frame: Buffer) => void = () => {};
  onClose: (reason: string) => void = () => {};

  constructor(isPeer: boolean) {
    this.isPeer = isPeer;
  }

  send(): void {}
  pause(): void {}
  resume(): void {}

  close(reason = 'closed'): void {
    this.closeReason ??= reason;
  }
}

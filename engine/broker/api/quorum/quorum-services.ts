import type { ConfigSchema } from '../../controller/configs/config-schema.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { RaftReply, RaftRequest } from '../../raft/raft-message.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import type { ForwardedClient } from '../forwarded-client.ts';

/** A reply of raft, completed with the bytes it speaks of. */
export interface RaftAnswer {
  readonly reply: RaftReply;
  /** Records of a fetch reply; empty when there are none. */
  readonly records: Buffer;
  /** The piece that a snapshot reply carries. */
  readonly piece: { readonly bytes: Buffer; readonly sizeBytes: number } | undefined;
}

/** This broker's part in the metadata quorum, as handlers see it. */
export interface QuorumServices {
  readonly clusterId: string;
  /** The committed metadata, as far as this broker has it. */
  readonly image: MetadataImage;
  /** What may be configured. */
  readonly configs: ConfigSchema;
  /** Undefined while the metadata log is being recovered. */
  readonly raftState: RaftState | undefined;
  /** Resolves with true once the image meets the condition, with false when it has not after `timeoutMs`. */
  until(condition: (image: MetadataImage) => boolean, timeoutMs: number): Promise<boolean>;
  /** Hands a peer's request to raft. */
  ask(request: RaftRequest): Promise<RaftAnswer>;
  /** Runs a command as the active controller, for a client or a broker; rejects with NotControllerError when this broker is not. */
  command(apiKey: number, request: unknown, client?: ForwardedClient): Promise<unknown>;
}

import type {
  AnswerOf,
  CallName,
  ContractClient,
  EventName,
  ParamsOf,
  PayloadOf,
} from '../../engine/rpc/define-contract.ts';
import type { StudioContract } from '../../engine/studio/contract.ts';

/** The window's view of the studio server. The bridge implements it over WebSocket; tests hand in a fake. */
export type StudioClient = ContractClient<StudioContract>;

/** Names of the studio's calls and events, and what they carry. */
export type StudioCall = CallName<StudioContract>;
export type StudioEvent = EventName<StudioContract>;
export type StudioParams<Name extends StudioCall> = ParamsOf<StudioContract[Name]>;
export type StudioAnswer<Name extends StudioCall> = AnswerOf<StudioContract[Name]>;
export type StudioPayload<Name extends StudioEvent> = PayloadOf<StudioContract[Name]>;

/** The stable code of an error that came over the wire; undefined for anything else. */
export function errorCodeOf(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

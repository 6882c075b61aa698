import { hasTls } from '../config/listener-protocol.ts';
import type { Listener, ListenerSet } from '../config/listeners.ts';
import type { Door } from './door.ts';
import type { TlsListeners } from './tls/tls-listeners.ts';

/** One port, and the listeners on it. */
export interface ListenerDoor {
  readonly door: Door;
  readonly listeners: readonly Listener[];
}

/** The ports of a broker: listeners on the same one share a door. */
export function doorsOf({ listeners, interBroker }: ListenerSet, tls: TlsListeners): readonly ListenerDoor[] {
  const groups = new Map<string, Listener[]>();
  for (const listener of listeners) {
    const { name, host, port } = listener;
    const place = port === 0 ? `any ${name}` : `${host} ${port}`;
    groups.set(place, [...(groups.get(place) ?? []), listener]);
  }
  const isSole = listeners.length === 1;
  const entranceOf = (listener: Listener) => ({
    listener: isSole ? undefined : listener.name,
    isForPeers: listener === interBroker,
  });
  return [...groups.values()].map((group): ListenerDoor => {
    const [first] = group as [Listener];
    const plain = group.find(({ protocol }) => !hasTls(protocol));
    const secured = group.find(({ protocol }) => hasTls(protocol));
    const endpoint = secured && tls.endpointOf(secured.name);
    const door: Door = {
      host: first.host,
      port: first.port,
      plain: plain && entranceOf(plain),
      tls: secured && endpoint && { ...entranceOf(secured), endpoint },
    };
    return { door, listeners: group };
  });
}

/** The same listeners, advertised with the ports that they got where they were to take any. */
export function withPorts(set: ListenerSet, doors: readonly ListenerDoor[], ports: readonly number[]): ListenerSet {
  const bound = new Map(doors.flatMap(({ listeners }, at) => listeners.map(({ name }) => [name, ports[at] ?? 0])));
  const settle = (listener: Listener): Listener => {
    const { name, advertised } = listener;
    return advertised.port === 0
      ? { ...listener, advertised: { ...advertised, port: bound.get(name) ?? 0 } }
      : listener;
  };
  const [first, ...rest] = set.listeners;
  const listeners = [settle(first), ...rest.map(settle)] as const;
  const interBroker = listeners.find(({ name }) => name === set.interBroker.name) ?? listeners[0];
  return { listeners: [...listeners], interBroker };
}

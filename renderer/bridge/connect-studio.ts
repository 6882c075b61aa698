import { studioAddress } from './studio-address.ts';
import { StudioConnection } from './studio-connection.ts';

/** Connects this window to its studio. The connection is the store's client; `onState` tells when to greet. */
export function connectStudio(): StudioConnection {
  return new StudioConnection({
    address: studioAddress,
    open: (url, protocols) => new WebSocket(url, protocols),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  });
}

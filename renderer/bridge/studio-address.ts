import { readStored, writeStored } from '../kit/use-stored.ts';
import { desktop } from './desktop.ts';
import type { Address } from './studio-connection.ts';

const tokenKey = 'token';

/**
 * Where the studio is. On the desktop the shell says so. In a browser it is the page's own server, and the token comes in the
 * fragment of the page's address, which the browser sends to nobody: no server log, no Referer, no other port of this host (a
 * cookie would go to all of them). It moves to the storage of this origin, so that it is neither in the history nor in a bookmark,
 * and a reload and a bookmark still work for as long as that studio lives; the next one has another token.
 */
export async function studioAddress(): Promise<Address> {
  const shell = desktop();
  if (shell) return shell.studioAddress();
  const fields = new URLSearchParams(location.hash.slice(1));
  const given = fields.get('token');
  if (given) {
    writeStored(tokenKey, given);
    fields.delete('token');
    const rest = fields.size === 0 ? '' : `#${fields.toString()}`;
    history.replaceState(null, '', location.pathname + location.search + rest);
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return { url: `${scheme}://${location.host}/studio`, token: given ?? readStored(tokenKey, '') };
}

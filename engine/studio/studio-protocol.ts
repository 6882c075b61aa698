/** WebSocket subprotocol of the contract. The window offers it together with `studioTokenPrefix` + its token. */
export const studioProtocol = 'millrace.studio.1';

/**
 * The token travels as an offered subprotocol: unlike a query string it ends up in no log, unlike a cookie it is not sent
 * to other ports of this host.
 */
export const studioTokenPrefix = 'millrace.token.';

/**
 * Offered by the window as well, and chosen by the server when the token is not of this launch: the socket opens only to be
 * closed. (A refused upgrade would look to a page like a server that is down, and it would try for ever.)
 */
export const studioRefusedProtocol = 'millrace.studio.refused';

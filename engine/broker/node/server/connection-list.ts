import type { Duplex } from 'node:stream';
import type { Log } from '../../../base/log.ts';
import type { TurnedAway } from '../turned-away.ts';
import type { FramedConnection } from './framed-connection.ts';

/** Idle connections are looked for this many times in the allowed idle time. */
const idleRounds = 4;

/** Connections that have not sent a whole request, or a whole header, yet. */
const halfOpenMax = 1_000;

interface Entry {
  connection?: FramedConnection;
  /** Bytes received when the last round looked. */
  seenBytes: number;
  idleRounds: number;
}

/**
 * Every open socket of a server: bounds their number, and that of those which have not said anything whole yet (the oldest
 * of them goes), and closes those that have been silent for too long.
 */
export class ConnectionList {
  readonly #connectionsMax: () => number;
  readonly #log: Log;
  readonly #entries = new Map<Duplex, Entry>();
  /** In the order in which they came. */
  readonly #halfOpen = new Set<Duplex>();
  readonly #turnedAway: TurnedAway;
  readonly #timer: NodeJS.Timeout;
  #refused = 0;

  constructor(connectionsMax: () => number, idleMsMax: number, log: Log, turnedAway: TurnedAway) {
    this.#connectionsMax = connectionsMax;
    this.#turnedAway = turnedAway;
    this.#log = log;
    this.#timer = setInterval(() => this.#round(), Math.ceil(idleMsMax / idleRounds)).unref();
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Takes a new socket in, or closes it and answers false when there are too many. */
  admit(socket: Duplex): boolean {
    if (this.#entries.size >= this.#connectionsMax()) {
      this.#refused++;
      socket.destroy();
      return false;
    }
    this.#entries.set(socket, { seenBytes: 0, idleRounds: 0 });
    this.#halfOpen.add(socket);
    socket.once('close', () => {
      this.#entries.delete(socket);
      this.#halfOpen.delete(socket);
    });
    if (this.#halfOpen.size > halfOpenMax) this.#dropOldestHalfOpen();
    return true;
  }

  /** It has sent a whole request or header. */
  opened(socket: Duplex): void {
    this.#halfOpen.delete(socket);
  }

  #dropOldestHalfOpen(): void {
    const [oldest] = this.#halfOpen;
    if (!oldest) return;
    this.#halfOpen.delete(oldest);
    this.#turnedAway.note('too many connections have not sent a whole request', { halfOpenMax });
    oldest.destroy();
  }

  /** Tells which connection a socket carries. */
  attach(socket: Duplex, connection: FramedConnection): void {
    const entry = this.#entries.get(socket);
    if (entry) entry.connection = connection;
  }

  closeAll(reason: string): void {
    clearInterval(this.#timer);
    for (const [socket, { connection }] of this.#entries) {
      if (connection) connection.close(reason);
      else socket.destroy();
    }
  }

  #round(): void {
    if (this.#refused > 0)
      this.#log.warn('closed new connections: there were too many', {
        refused: this.#refused,
        connectionsMax: this.#connectionsMax(),
      });
    this.#refused = 0;
    for (const [socket, entry] of this.#entries) {
      const bytes = entry.connection?.receivedBytes ?? 0;
      entry.idleRounds = bytes === entry.seenBytes ? entry.idleRounds + 1 : 0;
      entry.seenBytes = bytes;
      if (entry.idleRounds < idleRounds) continue;
      if (entry.connection) entry.connection.close('idle for too long');
      else socket.destroy();
    }
  }
}

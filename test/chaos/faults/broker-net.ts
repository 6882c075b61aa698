import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const table = 'millrace_chaos';
/** Of the control groups; 0 is everybody else's. */
const classBase = 0x6d72_0000;

/** Why brokers cannot be cut off here; undefined when they can. */
export function whyNoBrokerNet(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  try {
    execFileSync('nft', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'no nft';
  }
  if (!readFileSync('/proc/cgroups', 'utf8').includes('net_cls')) return 'no net_cls control group';
  return undefined;
}

/** Who may be reached by whom: brokers are told apart by their process, so that two of them lose each other and clients reach both. */
export class BrokerNet {
  readonly #mount: string;

  constructor() {
    this.#mount = mkdtempSync(join(tmpdir(), 'chaos-net-'));
    execFileSync('mount', ['-t', 'cgroup', '-o', 'net_cls', 'none', this.#mount]);
    this.#nft(`add table inet ${table}`, `add chain inet ${table} out { type filter hook output priority 0 ; }`);
  }

  /** Nothing that `pid` begins or says reaches `port` any more, until `heal`. */
  cut(broker: number, pid: number, port: number): void {
    const group = join(this.#mount, `broker-${broker}`);
    if (!existsSync(group)) mkdirSync(group);
    const classId = classBase + broker;
    writeFileSync(join(group, 'net_cls.classid'), String(classId));
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
    this.#nft(`add rule inet ${table} out meta cgroup ${classId} tcp dport ${port} drop`);
  }

  /** Nobody reaches `port`, and nothing comes from it. */
  shut(port: number): void {
    this.#nft(`add rule inet ${table} out tcp dport ${port} drop`, `add rule inet ${table} out tcp sport ${port} drop`);
  }

  heal(): void {
    this.#nft(`flush chain inet ${table} out`);
  }

  close(): void {
    this.#nft(`delete table inet ${table}`);
    // Its groups go with the last of their processes and the mount.
    execFileSync('umount', [this.#mount]);
    rmdirSync(this.#mount);
  }

  #nft(...commands: readonly string[]): void {
    execFileSync('nft', ['-f', '-'], { input: commands.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
  }
}

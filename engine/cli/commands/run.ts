import { catalog } from '../../../palette/catalog.ts';
import type { Clock } from '../../base/clock.ts';
import type { LogLevel } from '../../base/log.ts';
import { createLog } from '../../base/log.ts';
import { openSource } from '../../bundle/open-source.ts';
import { streamLogSink } from '../../host/json-log-sink.ts';
import { NodeClock } from '../../host/node-clock.ts';
import { NodeRandom } from '../../host/node-random.ts';
import type { Run } from '../../run/create-run.ts';
import { createRun } from '../../run/create-run.ts';
import { projectState } from '../../run/project-state.ts';
import { environmentSecret } from '../../run/resolve-references.ts';
import type { RecordPlace, RunStatus } from '../../run/run-contract.ts';
import { bundledAccess, findBundledCluster } from '../bundled-cluster.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { listOption, numberOption, pairsOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';
import { refuseInvalid } from '../report-problems.ts';
import { runtimesFor } from '../run-cluster.ts';
import { runOptions } from '../run-options.ts';
import { textLogSink } from '../text-log-sink.ts';

const idlePollMs = 100;

function logLevel(invocation: Invocation): LogLevel {
  const level = textOption(invocation, 'log-level') ?? 'info';
  if (level === 'debug' || level === 'info' || level === 'warn' || level === 'error') return level;
  throw new UsageError(`--log-level: expected debug, info, warn or error, found "${level}"`);
}

/** Records as messages name them: topic, partition and offset. */
function recordsToSkip(invocation: Invocation): RecordPlace[] {
  return listOption(invocation, 'skip').map((text) => {
    const [, topic, partition, offset] = /^(.+)-(\d+)@(\d+)$/.exec(text) ?? [];
    if (topic === undefined) throw new UsageError(`--skip: expected topic-partition@offset, found "${text}"`);
    return { topic, partition: Number(partition), offset: Number(offset) };
  });
}

/** Stops the run when it has been idle for `idleMs`. */
function stopWhenIdle(run: Run, clock: Clock, idleMs: number): void {
  // What a run waits for that is no job (partitions of its group) ends without one: idle time begins anew there.
  let busyAt = clock.monotonic();
  const look = () => {
    if (run.status.state !== 'running') return;
    if (run.idleMs === 0) busyAt = clock.monotonic();
    if (Math.min(run.idleMs, clock.monotonic() - busyAt) >= idleMs) void run.stop();
    else clock.after(Math.min(idlePollMs, idleMs), look);
  };
  look();
}

function summary(run: Run): string {
  return Object.entries(run.counts)
    .map(([id, { jobs }]) => {
      const handled = jobs.handled ? ` (${jobs.handled} of them tried again, skipped or put aside)` : '';
      return `${id}: ${jobs.completed} ${jobs.completed === 1 ? 'job' : 'jobs'} completed, ${jobs.failed} failed${handled}`;
    })
    .join('\n');
}

/** Jobs that failed and that nothing took over, in a sentence with the reason of the newest; undefined when there are none. */
function failedJobs(run: Run): string | undefined {
  const failed = Object.values(run.counts).reduce((sum, { jobs }) => sum + jobs.failed - (jobs.handled ?? 0), 0);
  if (failed === 0) return undefined;
  const [newest] = run.jobs({ state: 'failed', limit: 1 });
  const failure = newest?.failure;
  const why = failure
    ? `; the last one in ${failure.activity ?? newest.process}: ${failure.code}: ${failure.message}`
    : '';
  return `${failed} ${failed === 1 ? 'job' : 'jobs'} failed without an error transition or a failure policy${why}`;
}

/** Says how the run ended; the exit code tells the same. */
function conclude(run: Run, status: RunStatus, { output, interrupted }: Invocation): number {
  output.result({ ...status, counts: run.counts }, summary(run));
  if (status.failure) {
    const { code, message, details, record } = status.failure;
    output.failure(code, message, details);
    if (record) output.note(`To go on without it: --skip ${record.topic}-${record.partition}@${record.offset}`);
    return exitCode.failed;
  }
  const failed = failedJobs(run);
  if (failed !== undefined) output.failure('JOBS_FAILED', failed);
  if (interrupted.reason === 'SIGINT') return exitCode.interrupted;
  return failed === undefined ? exitCode.ok : exitCode.jobsFailed;
}

async function runToItsEnd(run: Run, invocation: Invocation, clock: Clock): Promise<RunStatus> {
  const untilIdleMs = numberOption(invocation, 'until-idle', { min: 1, max: 86_400_000 });
  // A process that has failed cannot mend itself: end in order, so that whoever watches over us starts us again.
  run.on((event) => {
    if (event.kind === 'status' && Object.values(event.status.processStates).includes('failed')) void run.stop();
  });
  const { interrupted } = invocation;
  if (interrupted.aborted) void run.stop();
  else interrupted.addEventListener('abort', () => void run.stop(), { once: true });
  await run.start();
  if (run.status.state === 'running')
    invocation.output.event(
      { state: 'running', processes: run.status.processes },
      `running ${run.status.processes.join(', ')}`,
    );
  if (untilIdleMs !== undefined) stopWhenIdle(run, clock, untilIdleMs);
  return run.ended();
}

export const run: Command = {
  endsInOrder: true,
  positionals: [{ name: 'project', isRequired: true, help: 'Project folder or bundle' }],
  options: runOptions,
  async run(invocation) {
    const { output, environment } = invocation;
    const clock = new NodeClock();
    const sink = output.isJson
      ? streamLogSink(process.stderr)
      : textLogSink(
          (text) => process.stderr.write(text),
          () => clock.now(),
        );
    const log = createLog(sink, {}, logLevel(invocation));
    const set = pairsOption(invocation, 'set');
    const clusterAddress = findBundledCluster(textOption(invocation, 'cluster'), environment);
    const source = openSource(invocation.positionals[0]!);
    try {
      refuseInvalid(source.project);
      const started = createRun(source.project, {
        catalog,
        runtimes: runtimesFor(invocation),
        projectFolder: source.folder,
        state: projectState(source.folder),
        processes: listOption(invocation, 'process'),
        profile: textOption(invocation, 'profile'),
        set,
        skipRecords: recordsToSkip(invocation),
        secret: environmentSecret(environment),
        clusterAddress,
        clusterAccess: bundledAccess(clusterAddress, environment),
        clock,
        random: new NodeRandom(),
        log,
      });
      const status = await runToItsEnd(started, invocation, clock);
      return conclude(started, status, invocation);
    } finally {
      source.close();
    }
  },
};

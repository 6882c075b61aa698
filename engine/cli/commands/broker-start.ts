import type { BrokerFile } from '../../broker/node/config/broker-config.ts';
import { brokerFileFrom, logLevelIn } from '../../broker/node/config/broker-file-from.ts';
import { loneIdentity, startLoneBroker } from '../../broker/node/supervisor/lone-broker.ts';
import { brokerSettingOptions, brokerSettingsOf } from '../broker-settings.ts';
import type { Command, Invocation } from '../command.ts';
import { exitCode } from '../exit-code.ts';

/** The broker's file: who it is by its settings, which cluster it is of by the environment or by its folder. */
function fileOf(invocation: Invocation): BrokerFile {
  const { environment } = invocation;
  const settings = brokerSettingsOf(invocation);
  const logLevel = logLevelIn(environment.KAFKA_LOG4J_ROOT_LOGLEVEL);
  const fileWith = (clusterId: string, clusterKey: string) =>
    brokerFileFrom(settings, { clusterId, clusterKey, ...(logLevel && { logLevel }) });
  const { dataFolder, voters } = fileWith('', '');
  const { clusterId, clusterKey } = loneIdentity(dataFolder, {
    clusterId: environment.CLUSTER_ID || undefined,
    clusterKey: environment.MILLRACE_CLUSTER_KEY || undefined,
    brokers: voters.length,
  });
  return fileWith(clusterId, clusterKey);
}

/** One broker until Ctrl+C or SIGTERM, which hands its leaderships over first. It ends with exit code 1 when the broker ends by itself. */
export const brokerStart: Command = {
  endsInOrder: true,
  positionals: [],
  options: brokerSettingOptions,
  async run(invocation) {
    const { output, interrupted } = invocation;
    const file = fileOf(invocation);
    const broker = startLoneBroker(file, (text) => process.stderr.write(text));
    const { host, port } = file.advertised ?? file.listen;
    const stopped = new Promise<'stop'>((resolve) => {
      if (interrupted.aborted) resolve('stop');
      interrupted.addEventListener('abort', () => resolve('stop'), { once: true });
    });
    const first = await Promise.race([broker.ready, stopped]);
    if (first === undefined)
      output.result(
        { brokerId: file.brokerId, address: `${host}:${port}`, dataFolder: file.dataFolder },
        `Broker ${file.brokerId} is ready: ${host}:${port}`,
      );
    const end = await Promise.race([broker.ended, stopped]);
    if (end !== 'stop') {
      output.failure(end.code, end.message);
      return exitCode.failed;
    }
    const disorder = await broker.stop();
    if (disorder === undefined) return exitCode.ok;
    output.failure('BROKER_KILLED', `broker ${file.brokerId} ${disorder}; its logs are recovered at the next start`);
    return exitCode.failed;
  },
};

import { expect, it } from 'vitest';
import { MillraceError } from '../../../base/errors.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { initProducerIdRequest, initProducerIdResponse } from '../../../protocol/schemas/22-init-producer-id.ts';
import type { TransactionCoordinator } from '../../txn/transaction-coordinator.ts';
import type { ControllerGateway } from '../controller/controller-gateway.ts';
import { ProducerIdBlocks } from '../controller/producer-id-blocks.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';
import { initProducerIdHandler } from './22-init-producer-id.ts';

const schemas = { request: initProducerIdRequest, response: initProducerIdResponse };
const blockLength = 3;

function bench() {
  const state = { isDown: false, blocks: 0 };
  const controller = {
    submit: async () => {
      if (state.isDown) throw new MillraceError('CONTROLLER_UNREACHABLE', 'no controller', { retriable: true });
      return { errorCode: 0, producerIdStart: 1_000 * ++state.blocks, producerIdLen: blockLength };
    },
  } as unknown as ControllerGateway;
  const node = new ReplicaCluster([1]).node(1);
  const producerIds = new ProducerIdBlocks({ brokerId: 1, brokerEpoch: () => 1, controller });
  const asked: unknown[] = [];
  let code: ErrorCode = errorCode.NONE;
  const answer = (next: ErrorCode) => {
    code = next;
  };
  const initProducer = async (command: unknown) => {
    asked.push(command);
    return { errorCode: code, producerId: 44, producerEpoch: 3 };
  };
  const transactions = { initProducer } as unknown as TransactionCoordinator;
  const init = async (version: number, transactionalId: string | null = null) => {
    const context = node.context(22, version);
    const request = { transactionalId, transactionTimeoutMs: 0, producerId: 5, producerEpoch: 7 };
    return node.request(initProducerIdHandler, schemas, request, context, { producerIds, transactions });
  };
  return { state, init, asked, answer };
}

it.each([0, 2, 3, 5, 6])('version %i gives a new id with epoch 0', async (version) => {
  expect(await bench().init(version)).toMatchObject({ errorCode: 0, producerId: 1_000, producerEpoch: 0 });
});

it('never gives an id twice, and asks for a block only when one is used up', async () => {
  const { state, init } = bench();
  const answers = await Promise.all(Array.from({ length: 7 }, () => init(4)));
  expect(answers.map((answer) => answer?.producerId)).toEqual([1_000, 1_001, 1_002, 2_000, 2_001, 2_002, 3_000]);
  expect(state.blocks).toBe(3);
});

it('lets the producer try again while no controller answers', async () => {
  const { state, init } = bench();
  state.isDown = true;
  expect(await init(4)).toMatchObject({ errorCode: errorCode.COORDINATOR_LOAD_IN_PROGRESS, producerId: -1 });
  state.isDown = false;
  expect(await init(4)).toMatchObject({ errorCode: 0, producerId: 1_000 });
});

it('leaves a transactional id to its coordinator, and names a fence to old versions in their words', async () => {
  const { init, asked, answer } = bench();
  answer(errorCode.NONE);
  expect(await init(4, 'tx')).toMatchObject({ errorCode: errorCode.NONE, producerId: 44, producerEpoch: 3 });
  expect(asked).toEqual([{ transactionalId: 'tx', timeoutMs: 0, expected: { producerId: 5, epoch: 7 } }]);
  answer(errorCode.PRODUCER_FENCED);
  expect(await init(4, 'tx')).toMatchObject({ errorCode: errorCode.PRODUCER_FENCED });
  expect(await init(3, 'tx')).toMatchObject({ errorCode: errorCode.INVALID_PRODUCER_EPOCH });
});

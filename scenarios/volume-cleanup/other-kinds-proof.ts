import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  ReleaseAddressCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Check, ScenarioRun } from '../shared/scenario';
import { subscribeQueue } from '../shared/topic-subscription';
import { cleanUp, createVolume, readDeployment, recordOf, removeVolume, writeAged } from './deployment';

export const otherKindsProof: Check = {
  name: 'other-kinds',
  title: 'an unassociated address is released; an orphaned snapshot and a stopped instance are reported and stay',
  async run(run) {
    const deployment = readDeployment(run);
    const { ec2 } = deployment;
    const sqs = new SQSClient({});
    const queue = await run.step('subscribe a queue to the reports', () =>
      subscribeQueue(run, sqs, run.output('ReportsTopicArn')),
    );
    const instance = await run.step('launch and stop an instance', () => stoppedInstance(run, ec2));
    const [free, associated, exempt] = await Promise.all([
      allocate(run, ec2),
      allocate(run, ec2),
      allocate(run, ec2, 'volume-cleanup:keep'),
    ]);
    await ec2.send(new AssociateAddressCommand({ AllocationId: associated, InstanceId: instance }));
    const snapshot = await run.step('make a snapshot and delete its volume', async () => {
      const volume = await createVolume(run, deployment);
      const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId: volume }));
      run.cleanUp('the snapshot', async () => void (await ec2.send(new DeleteSnapshotCommand({ SnapshotId }))));
      await removeVolume(ec2, volume);
      return SnapshotId;
    });
    for (const id of [free, associated, exempt, snapshot, instance]) await writeAged(deployment, id);
    await run.step('run the cleanup', () => cleanUp(deployment));
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    const left = Addresses.map(({ AllocationId }) => AllocationId);
    run.assertEqual(
      [free, associated, exempt].map((id) => left.includes(id)),
      [false, true, true],
      'addresses that are left: unassociated, associated, exempt',
    );
    const stages = await Promise.all(
      [free, associated, exempt].map(async (id) => (await recordOf(deployment, id))?.stage),
    );
    run.assertEqual(stages, ['deleted', 'kept', 'kept'], 'stages of the addresses');
    const report = await received(run, sqs, queue, [free, snapshot, instance]);
    const linesOf = (id: string): string[] => report.split('\n').filter((line) => line.includes(id));
    run.assert(
      linesOf(free).some((line) => line.startsWith('released') && line.includes('$3.65')),
      'the report has the price of the address',
    );
    run.assert(
      linesOf(snapshot).some((line) => line.startsWith('candidate') && line.includes('$0.40')),
      'the report has the snapshot and its price',
    );
    run.assert(
      linesOf(instance).some((line) => line.startsWith('candidate')),
      'the report has the stopped instance',
    );
  },
};

async function allocate(run: ScenarioRun, ec2: EC2Client, tag?: string): Promise<string> {
  const Tags = [{ Key: 'test-run', Value: run.runId }, ...(tag === undefined ? [] : [{ Key: tag, Value: '' }])];
  const { AllocationId = '' } = await ec2.send(
    new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }] }),
  );
  run.cleanUp(`address ${AllocationId}`, async () => {
    await ec2.send(new ReleaseAddressCommand({ AllocationId })).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'InvalidAllocationID.NotFound') throw error;
    });
  });
  return AllocationId;
}

async function stoppedInstance(run: ScenarioRun, ec2: EC2Client): Promise<string> {
  const launch = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(launch));
  const id = Instances[0]?.InstanceId ?? '';
  run.cleanUp('the instance', async () => void (await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))));
  const isIn = (state: string) =>
    run.eventually(`instance ${state}`, async () => {
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return Reservations[0]?.Instances?.[0]?.State?.Name === state ? true : undefined;
    });
  await isIn('running');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await isIn('stopped');
  return id;
}

/** Texts of the reports, once they have all these ids. */
function received(run: ScenarioRun, sqs: SQSClient, QueueUrl: string, ids: readonly string[]): Promise<string> {
  let texts = '';
  return run.eventually('the report', async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      texts += `${Body}\n`;
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return ids.every((id) => texts.includes(id)) ? texts : undefined;
  });
}

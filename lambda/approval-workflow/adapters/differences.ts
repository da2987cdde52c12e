import type { EC2Client } from '@aws-sdk/client-ec2';
import { managedByTag, requestTag } from '../machine';
import { reconcile, type Differences, type Machine } from '../reconciliation';
import { openStatuses } from '../request-record';
import { findRequest, listRequests, type RequestStore } from './dynamodb-requests';
import { findInstances } from './ec2-machines';

const billedStates = ['pending', 'running', 'stopping', 'stopped'];

/** Machines of the stack, by its tag. Needs `ec2:DescribeInstances`. */
export async function listMachines(ec2: Pick<EC2Client, 'send'>, managedBy: string): Promise<Machine[]> {
  const instances = await findInstances(ec2, `tag:${managedByTag}`, managedBy);
  return instances
    .filter(({ State }) => billedStates.includes(State?.Name ?? ''))
    .map(({ InstanceId = '', LaunchTime = new Date(0), Tags = [] }) => ({
      instanceId: InstanceId,
      requestId: Tags.find(({ Key }) => Key === requestTag)?.Value ?? '',
      launchedAt: LaunchTime,
    }));
}

/** Compares the machines of a stack with its requests. */
export async function findDifferences(
  store: Pick<RequestStore, 'client' | 'requestsTableName'>,
  ec2: Pick<EC2Client, 'send'>,
  options: { readonly managedBy: string; readonly now: Date; readonly approvalSeconds: number },
): Promise<Differences> {
  const machines = await listMachines(ec2, options.managedBy);
  const records = (await Promise.all(openStatuses.map((status) => listRequests(store, status)))).flat();
  // The index lags behind: whoever looks like a machine's missing request is read from the table.
  const known = new Set(records.map(({ requestId }) => requestId));
  for (const requestId of new Set(machines.map((one) => one.requestId))) {
    const record = known.has(requestId) || requestId === '' ? undefined : await findRequest(store, requestId);
    if (record !== undefined) records.push(record);
  }
  return reconcile(records, machines, options);
}

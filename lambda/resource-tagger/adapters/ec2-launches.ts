import { paginateDescribeInstances, type EC2Client } from '@aws-sdk/client-ec2';
import { clientTokenOf, launchedInstances } from '../created-resources';
import type { CreationEvent } from '../creation-event';

/**
 * Returns a launch with its instances where its record lacks them: CloudTrail leaves out an answer of more than 100 KB, as of some forty
 * instances. They are looked up by the client token of the request. Any other event is returned as it is. Needs `ec2:DescribeInstances`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export async function withLaunchedInstances(
  client: EC2Client,
  event: CreationEvent,
  abortSignal: AbortSignal,
): Promise<CreationEvent> {
  const { call } = event;
  const token = clientTokenOf(call);
  if (call.eventName !== 'RunInstances' || token === undefined || launchedInstances(call).length > 0) return event;
  const items: { readonly instanceId: string }[] = [];
  const Filters = [{ Name: 'client-token', Values: [token] }];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters }, { abortSignal })) {
    for (const { Instances = [] } of Reservations)
      items.push(...Instances.map(({ InstanceId = '' }) => ({ instanceId: InstanceId })));
  }
  return { ...event, call: { ...call, responseElements: { instancesSet: { items } } } };
}

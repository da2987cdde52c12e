import { paginateDescribeAlarms, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { WatchedAlarm } from '../watch';

/** Alarms of the account, or only those in the state ALARM. Needs `cloudwatch:DescribeAlarms`. */
export async function listAlarms(client: CloudWatchClient, StateValue?: 'ALARM'): Promise<WatchedAlarm[]> {
  const found: WatchedAlarm[] = [];
  const query = {
    AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
    ...(StateValue === undefined ? {} : { StateValue }),
  };
  for await (const page of paginateDescribeAlarms({ client }, query)) {
    for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp ?? new Date(0);
      found.push({ name: alarm.AlarmName ?? '', raisedAt: alarm.StateValue === 'ALARM' ? since : undefined });
    }
  }
  return found;
}

import { paginateDescribeAlarms, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { RaisedAlarm } from '../watch';

/** Alarms of the account that are in the state ALARM. Needs `cloudwatch:DescribeAlarms`. */
export async function raisedAlarms(client: CloudWatchClient): Promise<RaisedAlarm[]> {
  const found: RaisedAlarm[] = [];
  const query = { StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] } as const;
  for await (const page of paginateDescribeAlarms({ client }, { ...query, AlarmTypes: [...query.AlarmTypes] })) {
    for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      found.push({ name: alarm.AlarmName ?? '', since: since ?? new Date(0) });
    }
  }
  return found;
}

import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type AdvancedEventSelector,
  type CloudTrailClient,
  type EventSelector,
} from '@aws-sdk/client-cloudtrail';

export interface TrailFinding {
  readonly name: string;
  /** Why EventBridge gets no API calls by it; undefined: it does. */
  readonly lacks?: string;
}

/** Returns the trails that are about this region, those of other regions and of the organization among them. */
export async function findTrails(cloudtrail: Pick<CloudTrailClient, 'send'>): Promise<TrailFinding[]> {
  const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const findings: TrailFinding[] = [];
  for (const { Name = '', TrailARN = Name } of trailList) {
    try {
      const { IsLogging } = await cloudtrail.send(new GetTrailStatusCommand({ Name: TrailARN }));
      const selectors = await cloudtrail.send(new GetEventSelectorsCommand({ TrailName: TrailARN }));
      const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
      const logs = EventSelectors.some(logsWrites) || AdvancedEventSelectors.some(logsWritesToo);
      const lacks = IsLogging !== true ? 'it is stopped' : logs ? undefined : 'it logs no management events that write';
      findings.push({ name: Name, ...(lacks === undefined ? {} : { lacks }) });
    } catch (error) {
      // Trails of an organization may be closed to its accounts.
      findings.push({ name: Name, lacks: `it cannot be read: ${error instanceof Error ? error.name : typeof error}` });
    }
  }
  return findings;
}

function logsWrites({ IncludeManagementEvents, ReadWriteType }: EventSelector): boolean {
  return IncludeManagementEvents !== false && ReadWriteType !== 'ReadOnly';
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
function logsWritesToo({ FieldSelectors = [] }: AdvancedEventSelector): boolean {
  const valuesOf = (field: string) => FieldSelectors.find(({ Field }) => Field === field)?.Equals ?? [];
  return valuesOf('eventCategory').includes('Management') && !valuesOf('readOnly').includes('true');
}

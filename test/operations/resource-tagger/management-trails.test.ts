import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { findTrails } from '../../../operations/resource-tagger/management-trails';
import { FakeCloudTrail } from '../../../scenarios/resource-tagger/fake-cloudtrail';

const trail = new FakeCloudTrail([]);
afterAll(() => trail.close());

const basic = (ReadWriteType: string, IncludeManagementEvents = true) => ({
  EventSelectors: [{ ReadWriteType, IncludeManagementEvents }],
});
const advanced = (...fields: readonly (readonly [Field: string, value: string])[]) => ({
  AdvancedEventSelectors: [{ FieldSelectors: fields.map(([Field, value]) => ({ Field, Equals: [value] })) }],
});
const stopped = 'it is stopped';
const none = 'it logs no management events that write';

it('a trail counts that is on and logs management events that write', async () => {
  const cases = [
    ['all', true, basic('All'), undefined],
    ['writes', true, basic('WriteOnly'), undefined],
    ['reads', true, basic('ReadOnly'), none],
    ['data', true, basic('All', false), none],
    ['stopped', false, basic('All'), stopped],
    ['advanced', true, advanced(['eventCategory', 'Management']), undefined],
    ['advanced-writes', true, advanced(['eventCategory', 'Management'], ['readOnly', 'false']), undefined],
    ['advanced-reads', true, advanced(['eventCategory', 'Management'], ['readOnly', 'true']), none],
    ['advanced-data', true, advanced(['eventCategory', 'Data'], ['resources.type', 'AWS::S3::Object']), none],
  ] as const;
  trail.trails = cases.map(([name, isLogging, selectors]) => ({ name, isLogging, selectors }));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudTrailClient({ endpoint: await trail.listen(), region: 'eu-west-1', credentials });
  const findings = await findTrails(client);
  expect(findings.map(({ name, lacks }) => [name, lacks])).toEqual(cases.map(([name, , , lacks]) => [name, lacks]));
});

it('a trail of the organization that cannot be read is named, and the others count', async () => {
  const send = ({ input }: { input: { Name?: string; includeShadowTrails?: boolean } }): Promise<object> => {
    if (input.includeShadowTrails === true) return Promise.resolve({ trailList: [{ Name: 'org' }, { Name: 'own' }] });
    if (input.Name === 'org') return Promise.reject(Object.assign(new Error(), { name: 'AccessDeniedException' }));
    return Promise.resolve({ IsLogging: true, ...basic('All') });
  };
  const client = { send } as unknown as CloudTrailClient;
  expect(await findTrails(client)).toEqual([
    { name: 'org', lacks: 'it cannot be read: AccessDeniedException' },
    { name: 'own' },
  ]);
});

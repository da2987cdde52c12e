import fc from 'fast-check';
import { grouped, lineItems, sum, unpricedTypes } from '../../../tools/costs/line-items';
import { priceTable } from '../../../tools/costs/price-table';
import type { Resource, Template } from '../../../tools/template/template';
import type { UsageProfile } from '../../../tools/costs/usage-profile';

const at = (path: string, Type: string, Properties: Record<string, unknown> = {}): [string, Resource] => [
  path.replace(/\W/g, ''),
  { Type, Properties, Metadata: { 'aws:cdk:path': `Stack/${path}/Resource` } },
];
const template = (...resources: [string, Resource][]): Template => ({ Resources: Object.fromEntries(resources) });
const usage = (more: Partial<UsageProfile> = {}): UsageProfile => ({
  units: 'photos',
  aDay: 0,
  each: {},
  always: {},
  busy: {},
  ...more,
});
const idleOf = (...resources: [string, Resource][]) => sum(lineItems(template(...resources), usage(), priceTable));

it('an alarm costs ten cents for each metric, thirty if its period is under a minute', () => {
  const math = { Metrics: [{ Expression: 'a / b' }, { MetricStat: {} }, { MetricStat: {} }] };
  expect(idleOf(at('Simple', 'AWS::CloudWatch::Alarm', { Period: 60 }))).toBeCloseTo(0.1);
  expect(idleOf(at('Math', 'AWS::CloudWatch::Alarm', math))).toBeCloseTo(0.2);
  expect(idleOf(at('Fast', 'AWS::CloudWatch::Alarm', { Period: 10 }))).toBeCloseTo(0.3);
});

it('polling an empty queue costs requests, polling a stream costs nothing', () => {
  const mapping = (source: string) =>
    at('Mapping', 'AWS::Lambda::EventSourceMapping', { EventSourceArn: { 'Fn::GetAtt': [source, 'Arn'] } });
  expect(idleOf(at('Orders', 'AWS::SQS::Queue'), mapping('Orders'))).toBeCloseTo(0.2628);
  const stream = at('Stream', 'AWS::Kinesis::Stream');
  expect(idleOf(stream, mapping('Stream'))).toBe(idleOf(stream));
});

it('a stream costs its shards by the hour, or itself on demand; a consumer costs its shards once more', () => {
  const two = at('Stream', 'AWS::Kinesis::Stream', { ShardCount: 2 });
  const onDemand = at('Stream', 'AWS::Kinesis::Stream', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  const consumer = at('Consumer', 'AWS::Kinesis::StreamConsumer', { StreamARN: { 'Fn::GetAtt': ['Stream', 'Arn'] } });
  expect(idleOf(two)).toBeCloseTo(21.9);
  expect(idleOf(two, consumer)).toBeCloseTo(43.8);
  expect(idleOf(onDemand, consumer)).toBeCloseTo(29.2);
});

it('Multi-AZ doubles instance and storage but not the secret; a proxy bills at least two vCPUs', () => {
  const properties = { DBInstanceClass: 'db.t4g.micro', AllocatedStorage: '20', ManageMasterUserPassword: true };
  const single = idleOf(at('Database', 'AWS::RDS::DBInstance', properties));
  expect(single).toBeCloseTo(730 * 0.016 + 20 * 0.115 + 0.4);
  const double = idleOf(at('Database', 'AWS::RDS::DBInstance', { ...properties, MultiAZ: true }));
  expect(double - single).toBeCloseTo(730 * 0.016 + 20 * 0.115);
  expect(idleOf(at('Proxy', 'AWS::RDS::DBProxy'))).toBeCloseTo(2 * 730 * 0.015);
});

it('a database class without a price is an error that names the price file', () => {
  expect(() => idleOf(at('Database', 'AWS::RDS::DBInstance', { DBInstanceClass: 'db.x9.huge' }))).toThrow(
    "no price for the database class 'db.x9.huge': add it to tools/costs/prices.json",
  );
});

it('interface endpoints cost per zone, gateway endpoints are free', () => {
  expect(idleOf(at('S3', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }))).toBe(0);
  const endpoint = { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] };
  expect(idleOf(at('Secrets', 'AWS::EC2::VPCEndpoint', endpoint))).toBeCloseTo(14.6);
});

it('the cost of a function depends on memory, processor architecture and invocations', () => {
  const [id, resource] = at('Resize/Function', 'AWS::Lambda::Function', { MemorySize: 2048, Architectures: ['arm64'] });
  const uses = usage({ aDay: 1, each: { 'Resize/Function': { invocations: 1, milliseconds: 1_500 } } });
  const items = lineItems({ Resources: { [id]: resource } }, uses, priceTable);
  expect(items.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    'variable function invocations',
    'variable GB-seconds of functions (arm64)',
  ]);
  expect(sum(items, 'variable')).toBeCloseTo((365 / 12) * (3 * 0.0000133334 + 0.2 / 1e6), 10);
});

it('use that is always there is fixed, use of a busy month is variable and absent without units', () => {
  const watch = at('Watch', 'AWS::Lambda::Function');
  const uses = { always: { Watch: { customMetrics: 2 } }, busy: { Watch: { customMetrics: 3 } } };
  const quiet = lineItems(template(watch), usage(uses), priceTable);
  expect([sum(quiet, 'fixed'), sum(quiet, 'variable')]).toEqual([0.6, 0]);
  expect(sum(lineItems(template(watch), usage({ ...uses, aDay: 1 }), priceTable), 'variable')).toBeCloseTo(0.9);
});

it('what was deleted and what expires is stored for as long as the lifecycle of the bucket keeps it', () => {
  const keeping = (days: number) =>
    at('Kept', 'AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [{ ExpirationInDays: 30 }, { NoncurrentVersionExpiration: { NoncurrentDays: days } }],
      },
    });
  const storageOf = (days: number, meter: string): number => {
    const uses = usage({ aDay: 1, each: { Kept: { [meter]: 2 } } });
    return (
      lineItems(template(keeping(days)), uses, priceTable).find(({ what }) => what.startsWith('GB'))?.quantity ?? 0
    );
  };
  expect(storageOf(7, 'deletedGigabytes')).toBeCloseTo(2 * 7);
  expect(storageOf(90, 'deletedGigabytes')).toBeCloseTo(2 * 90);
  expect(storageOf(90, 'expiringGigabytes')).toBeCloseTo(2 * (30 + 90));
});

it.each([
  [{ Gone: { invocations: 1 } }, "usage of 'Gone': the template has no such resource"],
  [{ Watch: { photos: 1 } }, "usage of 'Watch': AWS::Lambda::Function has no meter 'photos'"],
])('a profile that does not fit the template is an error: %j', (each, message) => {
  expect(() => lineItems(template(at('Watch', 'AWS::Lambda::Function')), usage({ each }), priceTable)).toThrow(message);
});

it('a type without a price is named', () => {
  const resources = [at('A', 'AWS::SQS::Queue'), at('B', 'AWS::IAM::Role'), at('C', 'AWS::Redshift::Cluster')] as const;
  expect(unpricedTypes(template(...resources))).toEqual(['AWS::Redshift::Cluster']);
});

it('grouping keeps the sum', () => {
  const item = fc.record({
    kind: fc.constantFrom('fixed' as const, 'variable' as const),
    resource: fc.constantFrom('A', 'B'),
    what: fc.constantFrom('requests', 'GB-months'),
    quantity: fc.nat(1_000),
    usd: fc.double({ min: 0, max: 1_000, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(item), (items) => Math.abs(sum(grouped(items)) - sum(items)) < 1e-6));
});

import type * as Observability from '../../../lambda/shared/observability';

let observability: typeof Observability;
let lines: Record<string, unknown>[];

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_SERVICE_NAME: 'orders', POWERTOOLS_METRICS_NAMESPACE: 'Test' });
  // After the environment, which it reads when it is loaded.
  observability = jest.requireActual<typeof Observability>('../../../lambda/shared/observability');
});

beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)) as Record<string, unknown>);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

it('metrics of an invocation are written once, under its service', () => {
  observability.countMetric('Fulfilled');
  observability.countMetric('Fulfilled');
  observability.countMetric('Untried', 3);
  expect(lines).toEqual([]);
  observability.flushMetrics();
  observability.flushMetrics();
  expect(lines).toMatchObject([{ service: 'orders', Fulfilled: [1, 1], Untried: 3 }]);
  expect(lines[0]?.['_aws']).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [['service']] }] });
});

it('an invocation without metrics writes nothing', () => {
  observability.flushMetrics();
  observability.publishMetrics({ BackupBucket: 'b' }, {});
  expect(lines).toEqual([]);
});

it('metrics of a resource are written at once, and mix with no others', () => {
  observability.countMetric('Fulfilled');
  observability.publishMetrics(
    { BackupBucket: 'b' },
    { Copied: 2, Bytes: { value: 9, unit: 'Bytes' }, Left: undefined },
  );
  expect(lines).toMatchObject([{ service: 'orders', BackupBucket: 'b', Copied: 2, Bytes: 9 }]);
  expect(lines[0]?.['_aws']).toMatchObject({
    CloudWatchMetrics: [
      {
        Dimensions: [['service', 'BackupBucket']],
        Metrics: [
          { Name: 'Copied', Unit: 'Count' },
          { Name: 'Bytes', Unit: 'Bytes' },
        ],
      },
    ],
  });
  observability.flushMetrics();
  expect(lines[1]).toMatchObject({ service: 'orders', Fulfilled: 1 });
  expect(lines[1]).not.toHaveProperty('BackupBucket');
});

it.each([
  ['an error', new TypeError('no such thing'), { errorName: 'TypeError', errorMessage: 'no such thing' }],
  ['a text', 'a text', { errorName: 'string', errorMessage: 'a text' }],
  ['nothing', undefined, { errorName: 'undefined', errorMessage: 'undefined' }],
])('%s is described for a log line', (_, thrown, fields) => {
  expect(observability.errorFields(thrown)).toEqual(fields);
});

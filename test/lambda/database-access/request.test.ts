import { mostRecords, readRequest } from '../../../lambda/database-access/request';
import { record, sent } from './record-factory';

const ingest = (...records: unknown[]) => ({ operation: 'ingest', records });
const totals = (changes: object = {}) => ({
  operation: 'totals',
  customerId: 'c-7',
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
  ...changes,
});

it('reads the amounts of records in cents', () => {
  expect(readRequest(ingest(sent()))).toEqual({ operation: 'ingest', records: [record()] });
});

it('reads the same instant from another time zone', () => {
  expect(readRequest(ingest(sent({ occurredAt: '2026-11-21T09:00:00+01:00' })))).toEqual({
    operation: 'ingest',
    records: [record()],
  });
});

it.each([
  ['1250', 'JPY', 1_250n],
  ['12.5', 'HUF', 1_250n],
  ['12.5', 'RSD', 1_250n],
  ['1.25', 'KWD', 1_250n],
])('reads %s %s as %i minor units', (amount, currency, minorUnits) => {
  expect(readRequest(ingest(sent({ amount, currency })))).toEqual({
    operation: 'ingest',
    records: [record({ minorUnits, currency })],
  });
});

it.each(['1000-01-01T00:00:00.000Z', '9998-12-31T23:59:59.999Z'])('reads the time %s', (occurredAt) => {
  expect(readRequest(ingest(sent({ occurredAt })))).toMatchObject({ records: [{ occurredAt: new Date(occurredAt) }] });
});

it('limits years in UTC, whatever the zone of the process', () => {
  const { TZ } = process.env;
  try {
    process.env['TZ'] = 'America/New_York';
    expect(() => readRequest(ingest(sent({ occurredAt: '9999-01-01T00:00:00Z' })))).toThrow('records[0].occurredAt');
    expect(() => readRequest(ingest(sent({ occurredAt: '1000-01-01T00:00:00Z' })))).not.toThrow();
  } finally {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  }
});

it('reads the range of totals', () => {
  expect(readRequest(totals())).toEqual({
    operation: 'totals',
    customerId: 'c-7',
    from: new Date('2026-11-01T00:00:00Z'),
    to: new Date('2026-12-01T00:00:00Z'),
  });
});

it(`accepts 1 to ${mostRecords} records`, () => {
  const many = (count: number) => ingest(...Array.from({ length: count }, (_, index) => sent({ id: `r-${index}` })));
  expect(() => readRequest(many(mostRecords))).not.toThrow();
  expect(() => readRequest(many(mostRecords + 1))).toThrow(/records/);
  expect(() => readRequest(ingest())).toThrow(/records/);
});

it.each([
  [{ amount: 12.5 }, 'records[0].amount'],
  [{ amount: '12.505' }, 'records[0].amount'],
  [{ amount: '-1.00' }, 'records[0].amount'],
  [{ amount: '1.5', currency: 'JPY' }, 'records[0].amount'],
  [{ amount: '1.2345', currency: 'KWD' }, 'records[0].amount'],
  [{ currency: 'XAU' }, 'records[0].currency'],
  [{ currency: 'XDR' }, 'records[0].currency'],
  [{ currency: 'XXX ' }, 'records[0].currency'],
  [{ occurredAt: '2026-11-21T08:00:00.1234Z' }, 'records[0].occurredAt'],
  [{ occurredAt: '2026-11-21T08:00:00.0000Z' }, 'records[0].occurredAt'],
  [{ occurredAt: '0999-12-31T23:59:59.999Z' }, 'records[0].occurredAt'],
  [{ occurredAt: '0000-01-01T00:00:00Z' }, 'records[0].occurredAt'],
  [{ occurredAt: '9999-01-01T00:00:00Z' }, 'records[0].occurredAt'],
  [{ occurredAt: '9998-12-31T23:59:59-01:00' }, 'records[0].occurredAt'],
  [{ occurredAt: 'yesterday' }, 'records[0].occurredAt'],
  [{ id: '' }, 'records[0].id'],
  [{ id: ' r' }, 'records[0].id'],
  [{ id: 'r ' }, 'records[0].id'],
  [{ id: 'a\0b' }, 'records[0].id'],
  [{ id: '\ud800' }, 'records[0].id'],
  [{ id: 'x'.repeat(129) }, 'records[0].id'],
  [{ customerId: 7 }, 'records[0].customerId'],
  [{ extra: 1 }, 'records[0]'],
])('refuses a record with %j and names the field', (change, path) => {
  expect(() => readRequest(ingest(sent(change)))).toThrow(path);
});

it.each([undefined, null, 7, [], {}, { operation: 'drop' }, totals({ from: totals().to }), totals({ customerId: '' })])(
  'refuses the request %j',
  (event) => {
    expect(() => readRequest(event)).toThrow(expect.objectContaining({ name: 'UnusableRequest' }));
  },
);

it('an error repeats no value of the request', () => {
  expect(() => readRequest(ingest(sent({ amount: 'canary-4111' })))).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('canary') as string }),
  );
});

it('accepts text that looks like SQL', () => {
  const payload = "'; drop table records; --";
  expect(readRequest(totals({ customerId: payload }))).toMatchObject({ customerId: payload });
});

import type { StreamResponse } from '../../../lambda/stream-processor/stream-response';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { FakeEntries } from './fake-entries';

interface Entry {
  readonly DetailType: string;
  readonly Detail: string;
}

let dynamodb: FakeDynamoDB;
let events: FakeEntries<Entry>;
let output: CapturedOutput;
let handler: LoadedHandler<StreamResponse>;

beforeEach(async () => {
  dynamodb = new FakeDynamoDB({ Summaries: { partitionKey: 'accountId', sortKey: 'entry' } });
  events = new FakeEntries('EVENTBRIDGE');
  output = captureOutput();
  handler = loadHandler('stream-processor/project-changes', {
    ...(await dynamodb.listen()),
    ...(await events.listen()),
    SUMMARIES_TABLE_NAME: 'Summaries',
    EVENT_BUS_NAME: 'AccountEvents',
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([dynamodb.close(), events.close()]);
});

const image = (accountId: string, version: number) => ({
  accountId: { S: accountId },
  version: { N: String(version) },
  balance: { N: `${version}.50` },
});

/** Event of a change stream, by `account/version`. */
function eventOf(...changes: string[]) {
  return {
    Records: changes.map((change, index) => {
      const [accountId = '', version] = change.split('/');
      const NewImage = image(accountId, Number(version));
      const OldImage = Number(version) > 1 ? image(accountId, Number(version) - 1) : undefined;
      const dynamodbRecord = { SequenceNumber: String(index + 1), ApproximateCreationDateTime: 1_000, NewImage };
      return { dynamodb: OldImage === undefined ? dynamodbRecord : { ...dynamodbRecord, OldImage } };
    }),
  };
}

const idOf = ({ Detail }: Entry) => (JSON.parse(Detail) as { id: string }).id;
const stateOf = (accountId: string) =>
  dynamodb.item('Summaries', { accountId: { S: accountId }, entry: { S: 'account' } })?.['version']?.N;

it('changes are in the view and on the bus, those of an account in order', async () => {
  expect(await handler(eventOf('a/1', 'b/1', 'a/2'))).toEqual({ batchItemFailures: [] });
  expect([stateOf('a'), stateOf('b')]).toEqual(['2', '1']);
  expect(events.calls.map((entries) => entries.map(idOf))).toEqual([['a/1', 'b/1'], ['a/2']]);
  expect(events.taken.map(({ DetailType }) => DetailType)).toEqual([
    'AccountOpened',
    'AccountOpened',
    'BalanceChanged',
  ]);
});

it('an entry that PutEvents refuses stops the later ones of its account, and names its record', async () => {
  events.refuse = (entry) => (idOf(entry) === 'a/2' ? 'MalformedDetail' : undefined);
  expect(await handler(eventOf('a/1', 'a/2', 'b/1', 'a/3', 'b/2'))).toEqual({
    batchItemFailures: [{ itemIdentifier: '2' }],
  });
  expect(events.taken.map(idOf)).toEqual(['a/1', 'b/1', 'b/2']);
});

it('an entry that is throttled is sent again alone', async () => {
  let times = 0;
  events.refuse = (entry) => (idOf(entry) === 'b/1' && times++ === 0 ? 'ThrottlingException' : undefined);
  expect(await handler(eventOf('a/1', 'b/1'))).toEqual({ batchItemFailures: [] });
  expect(events.calls.map((entries) => entries.map(idOf))).toEqual([['a/1', 'b/1'], ['b/1']]);
});

it('a change that does not raise its version is poison: named where others come first, else an expected error', async () => {
  const [good, bad] = [eventOf('a/1').Records[0], eventOf('b/2').Records[0]];
  const broken = { dynamodb: { ...bad?.dynamodb, SequenceNumber: '2', OldImage: image('b', 2) } };
  expect(await handler({ Records: [good, broken] })).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  await expect(handler({ Records: [broken] })).rejects.toThrow('version');
  expect(output.text).toContain('"ExpectedErrors":1');
  expect(stateOf('b')).toBeUndefined();
});

it('a bus that is throttled until the time is up fails the function, and no event is skipped', async () => {
  events.refuse = () => 'ThrottlingException';
  await expect(handler(eventOf('a/1', 'a/2'), lambdaContext(2_100))).rejects.toThrow('ThrottlingException');
  expect(events.taken).toEqual([]);
});

it('an event that is of no change stream is an error', async () => {
  await expect(handler({ Records: [{ kinesis: {} }] })).rejects.toThrow();
});

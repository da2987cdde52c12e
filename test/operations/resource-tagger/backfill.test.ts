import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parseCreationEvent } from '../../../lambda/resource-tagger/creation-event';
import { backfill, type Backfill } from '../../../operations/resource-tagger/backfill';
import { FakeCloudTrail } from '../../../scenarios/resource-tagger/fake-cloudtrail';
import { anEvent } from '../../lambda/resource-tagger/creation-events';
import { FakeSQS } from '../../fakes/fake-sqs';

const day = 86_400_000;
const now = Date.parse('2026-11-20T00:00:00Z');
const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/q';
const volume = (id: number, more = {}) =>
  anEvent({ eventId: `v${id}`, time: new Date(now - id * day), response: { volumeId: `vol-${id}` }, more }).detail;
const queue = (id: string, days: number) =>
  anEvent({
    eventId: id,
    service: 'sqs',
    eventName: 'CreateQueue',
    time: new Date(now - days * day),
    response: { queueUrl },
  }).detail;

let trail: FakeCloudTrail;
const sqs = new FakeSQS({ Events: {} });

async function run(events: readonly Readonly<Record<string, unknown>>[], more: Partial<Backfill> = {}) {
  trail = new FakeCloudTrail(events, 20, Infinity);
  const endpoint = await trail.listen();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return backfill({
    cloudtrail: new CloudTrailClient({ endpoint, region: 'eu-west-1', credentials }),
    sqs: new SQSClient({ ...sqs.clientConfig, region: 'eu-west-1' }),
    queueUrl: sqs.urlOf('Events'),
    from: new Date(now - 90 * day),
    dryRun: false,
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
    ...more,
  });
}
const sent = async () => {
  const ids: string[] = [];
  await sqs.deliver('Events', (event) => {
    for (const { body } of event.Records) {
      const { id, notify } = parseCreationEvent(body);
      ids.push(notify ? `${id} is news` : id);
    }
    return Promise.resolve({ batchItemFailures: [] });
  });
  return ids;
};

afterEach(() => trail.close());

it('all pages are read, failed calls and those before the first day are left out', async () => {
  const events = Array.from({ length: 89 }, (_, index) => volume(index + 1));
  const failed = volume(3, { errorCode: 'Client.UnauthorizedOperation' });
  expect(await run([...events, failed, volume(91)])).toEqual({ found: 89, sent: 89 });
  const ids: string[] = [];
  for (let batch = await sent(); batch.length > 0; batch = await sent()) ids.push(...batch);
  expect(ids.sort()).toEqual(events.map(({ eventID }) => String(eventID)).sort());
});

it('of creations of the same name only the newest is sent', async () => {
  expect(await run([queue('old', 30), queue('new', 2), queue('older', 60)])).toEqual({ found: 3, sent: 1 });
  expect(await sent()).toEqual(['new']);
});

it('launches whose answer CloudTrail left out are sent, those without a token are not', async () => {
  const launch = (id: string, request: object) =>
    anEvent({ eventId: id, eventName: 'RunInstances', time: new Date(now - day), request, response: null }).detail;
  expect(
    await run([launch('one', { clientToken: 'a' }), launch('two', { clientToken: 'b' }), launch('none', {})]),
  ).toEqual({ found: 2, sent: 2 });
  expect(await sent()).toEqual(['one', 'two']);
});

it('a dry run sends nothing', async () => {
  expect(await run([volume(1)], { dryRun: true })).toEqual({ found: 1, sent: 1 });
  expect(await sent()).toEqual([]);
});

it('a pause comes before each request, and the signal ends the work', async () => {
  const pauses: number[] = [];
  const controller = new AbortController();
  const pause = (): Promise<void> => {
    if (pauses.push(1) === 5) controller.abort();
    return Promise.resolve();
  };
  await run([], { pause, signal: controller.signal });
  expect(pauses).toHaveLength(5);
});

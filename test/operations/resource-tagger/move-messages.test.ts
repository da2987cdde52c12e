import { SQSClient } from '@aws-sdk/client-sqs';
import { moveMessages } from '../../../operations/resource-tagger/move-messages';
import { FakeSQS } from '../../fakes/fake-sqs';

const fake = new FakeSQS({ Events: {}, Dead: {} });
const sqs = new SQSClient({ ...fake.clientConfig, region: 'eu-west-1' });
const move = (more: object = {}) =>
  moveMessages({
    sqs,
    from: fake.urlOf('Dead'),
    to: fake.urlOf('Events'),
    maximum: Infinity,
    dryRun: false,
    signal: new AbortController().signal,
    ...more,
  });

it('a dry run moves nothing, then up to the maximum, then all', async () => {
  for (let index = 0; index < 25; index++) fake.queue('Dead').send({ MessageBody: `event ${index}` });
  expect(await move({ dryRun: true })).toBe(25);
  expect(await move({ maximum: 5 })).toBe(5);
  expect(await move()).toBe(20);
  expect(await move()).toBe(0);
});

it('stops when the signal aborts', async () => {
  fake.queue('Dead').send({ MessageBody: 'event' });
  expect(await move({ signal: AbortSignal.abort() })).toBe(0);
});

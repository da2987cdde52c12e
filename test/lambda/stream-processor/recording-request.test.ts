import { readingsIn, requestOf } from '../../../lambda/stream-processor/recording-request';
import { aReading } from './readings';

const http = { requestContext: { http: { method: 'POST' } } };

it('a call by HTTP has its body, decoded where it is base64', () => {
  expect(requestOf({ ...http, body: 'text' })).toEqual({ kind: 'http', body: 'text' });
  expect(requestOf({ ...http, body: 'dGV4dA==', isBase64Encoded: true })).toEqual({ kind: 'http', body: 'text' });
  expect(requestOf(http)).toEqual({ kind: 'http', body: '' });
});

it('a batch of a queue has its messages', () => {
  const messages = [{ eventSource: 'aws:sqs', messageId: '1', body: 'text' }];
  expect(requestOf({ Records: messages })).toMatchObject({
    kind: 'queue',
    messages: [{ messageId: '1', body: 'text' }],
  });
});

it('anything else is the input of an invocation', () => {
  expect(requestOf(aReading())).toEqual({ kind: 'invocation', input: aReading() });
});

it('readings in a body are one or many', () => {
  expect(readingsIn(JSON.stringify(aReading()))).toEqual([aReading()]);
  expect(readingsIn(JSON.stringify({ readings: [aReading()] }))).toEqual([aReading()]);
});

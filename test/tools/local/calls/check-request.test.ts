import { checkRequest } from '../../../../tools/local/calls/check-request';
import type { ServiceModels } from '../../../../tools/local/calls/service-model';

const models: ServiceModels = {
  sqs: {
    protocol: 'json',
    operations: { SendMessage: { method: 'POST', uri: '/', input: 'SendMessage' } },
    shapes: {
      SendMessage: { type: 'structure', required: ['QueueUrl', 'MessageBody'], members: {} },
    },
  },
};

const send = (service: string, input: object) =>
  checkRequest(
    {
      service,
      method: 'POST',
      path: '/',
      headers: { 'X-Amz-Target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify(input),
    },
    models,
  );

it('a request that breaks the model and a constraint beside it has both violations', () => {
  expect(send('sqs', { QueueUrl: 'https://sqs/1/Orders', MessageDeduplicationId: 'd' })).toEqual([
    { service: 'sqs', operation: 'SendMessage', violation: 'MessageBody is missing' },
    { service: 'sqs', operation: 'SendMessage', violation: expect.stringContaining('refused by a standard queue') },
  ]);
});

it('a request to a service without a model is not checked', () => {
  expect(send('kms', {})).toEqual([]);
});

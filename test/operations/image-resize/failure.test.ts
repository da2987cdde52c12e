import { readFailure } from '../../../operations/image-resize/failure';

const record = {
  version: '1.0',
  timestamp: '2026-11-21T10:00:00.000Z',
  requestContext: { requestId: 'r', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
  requestPayload: { Records: [{ key: 'a' }] },
  responsePayload: { errorType: 'SlowDown', errorMessage: 'please\n  wait' },
};

test('a failure is read with its condition, time and reason', () => {
  expect(readFailure(JSON.stringify(record))).toEqual({
    condition: 'RetriesExhausted',
    attempts: 3,
    failedAt: new Date('2026-11-21T10:00:00.000Z'),
    reason: 'SlowDown: please wait',
    event: { Records: [{ key: 'a' }] },
  });
});

test.each([undefined, 'odd'])('a failure without a valid time or reason can still be redriven: %j', (odd) => {
  const read = readFailure(JSON.stringify({ ...record, timestamp: odd, responsePayload: odd }));
  expect(read).toEqual({ condition: 'RetriesExhausted', attempts: 3, event: { Records: [{ key: 'a' }] } });
});

test.each(['hello', '{}', '{"requestContext":{}}', JSON.stringify({ ...record, requestPayload: undefined })])(
  '%s contains no failed event',
  (body) => {
    expect(readFailure(body)).toBeUndefined();
  },
);

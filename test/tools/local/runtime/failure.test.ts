import { runInNewContext } from 'node:vm';
import { logFieldsOf, reportOf, RuntimeFailure } from '../../../../tools/local/runtime/failure';

class PaymentDeclined extends Error {
  override readonly name = 'PaymentDeclined';
  readonly code = 'card_expired';
}

test('an error is reported by its own name, which Step Functions matches on', () => {
  const error = new PaymentDeclined('no');
  const { errorType, errorMessage, trace } = reportOf(error);
  expect({ errorType, errorMessage }).toEqual({ errorType: 'PaymentDeclined', errorMessage: 'no' });
  expect(trace[0]).toMatch(/: no$/);
});

test('an error of another realm is an error', () => {
  expect(reportOf(runInNewContext('new TypeError("x")'))).toMatchObject({ errorType: 'TypeError', errorMessage: 'x' });
});

test.each([
  ['text', 'string', 'text'],
  [7, 'number', '7'],
  [undefined, 'undefined', 'undefined'],
  [null, 'object', 'null'],
])('a thrown %p is reported by its type', (thrown, errorType, errorMessage) => {
  expect(reportOf(thrown)).toEqual({ errorType, errorMessage, trace: [] });
});

test('own properties of an error are logged', () => {
  expect(logFieldsOf(new PaymentDeclined('no'))).toMatchObject({ errorType: 'PaymentDeclined', code: 'card_expired' });
});

test('errors of the runtime have the names of AWS', () => {
  expect(reportOf(new RuntimeFailure('Runtime.HandlerNotFound', 'x')).errorType).toBe('Runtime.HandlerNotFound');
});

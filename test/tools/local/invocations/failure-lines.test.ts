import { createColors } from 'picocolors';
import { FailureLines } from '../../../../tools/local/invocations/failure-lines';

test('the first three failures of a kind are printed', () => {
  const lines: string[] = [];
  const failureLines = new FailureLines({ line: (text) => lines.push(text), colors: createColors(false) });
  const failure = {
    slug: 'photos',
    time: 0,
    type: 'TypeError',
    message: 'x',
    isLastAttempt: false,
    isExpected: false,
    lines: [],
  };
  for (let index = 0; index < 5; index += 1) failureLines.print({ ...failure, function: 'Resize' });
  failureLines.print({ ...failure, function: 'Other' });
  expect(lines).toEqual([
    '✗ photos · Resize failed: TypeError: x',
    '✗ photos · Resize failed: TypeError: x',
    '✗ photos · Resize failed: TypeError: x (further ones are in the report only)',
    '✗ photos · Other failed: TypeError: x',
  ]);
});

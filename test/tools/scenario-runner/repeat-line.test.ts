import { repeatLine } from '../../../tools/scenario-runner/repeat-line';

const run = { outputs: 'outputs.json', prove: true, variants: [], seed: 7, isLocal: false };
const failed = [
  { slug: 'queue-processor', name: 'redrive' },
  { slug: 'queue-processor', name: 'alarms' },
];

test('what failed in an account is run again on the same stack', () => {
  expect(repeatLine({ ...run, variants: ['fifo'] }, failed)).toBe(
    'again: npm run scenarios -- --outputs outputs.json --prove --variant fifo queue-processor --only redrive --only alarms --seed 7',
  );
});

test('what failed in a local run is deployed again, since its stack is gone', () => {
  expect(repeatLine({ ...run, isLocal: true }, failed)).toBe(
    'again: npm run prove -- queue-processor --only redrive --only alarms --seed 7',
  );
});

test('a smoke test is run again as a smoke test', () => {
  expect(repeatLine({ ...run, prove: false, isLocal: true }, [{ slug: 'image-resize', name: 'smoke-test' }])).toBe(
    'again: npm run local -- image-resize --only smoke-test --seed 7',
  );
});

test('a check of that name that failed in two architectures is named once', () => {
  const both = ['image-resize', 'queue-processor'].map((slug) => ({ slug, name: 'alarms' }));
  expect(repeatLine({ ...run, isLocal: true }, both)).toBe(
    'again: npm run prove -- image-resize queue-processor --only alarms --seed 7',
  );
});

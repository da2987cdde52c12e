import {
  backupRequestSchema,
  readRequest,
  readStep,
  restoreRequestSchema,
} from '../../../lambda/scheduled-backup/requests';

it('a backup needs the time it was due, and nothing else', () => {
  expect(readRequest(backupRequestSchema, { scheduledTime: '2026-11-21T00:00:00Z' })).toEqual({
    scheduledTime: '2026-11-21T00:00:00Z',
    verifyOnly: false,
  });
});

it('a restore needs a day, and writes over nothing unless it is told to', () => {
  expect(readRequest(restoreRequestSchema, { day: '2026-11-20' })).toEqual({
    day: '2026-11-20',
    prefix: '',
    dryRun: false,
    overwrite: false,
  });
});

it('a person is told what was received, and what is wrong with each field', () => {
  const wrong = () => readRequest(restoreRequestSchema, { day: '2026-02-30', dryRun: 'yes' });
  expect(wrong).toThrow(/received {"day":"2026-02-30","dryRun":"yes"}: day: use a day such as 2026-11-20; dryRun: /);
});

it.each([null, undefined, 'text', { day: 'jane@example.com' }])(
  'of what a step was given (%j) only the fields are told',
  (event) => {
    const read = () => readStep(restoreRequestSchema, event);
    expect(read).toThrow(/^received \w+, not what this step is given: (day|the whole): /);
    expect(read).not.toThrow(/jane/);
  },
);

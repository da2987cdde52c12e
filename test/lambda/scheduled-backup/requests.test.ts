import {
  backupRequestSchema,
  parseRequest,
  parseStepInput,
  restoreRequestSchema,
} from '../../../lambda/scheduled-backup/requests';

it('a backup needs only the time it was due, or its day', () => {
  expect(parseRequest(backupRequestSchema, { scheduledTime: '2026-11-21T00:00:00Z' })).toEqual({
    scheduledTime: '2026-11-21T00:00:00Z',
    verifyOnly: false,
  });
  expect(parseRequest(backupRequestSchema, { day: '2026-11-21' })).toEqual({ day: '2026-11-21', verifyOnly: false });
});

it('a restore needs only a day, and overwrites nothing by default', () => {
  expect(parseRequest(restoreRequestSchema, { day: '2026-11-20' })).toEqual({
    day: '2026-11-20',
    prefix: '',
    dryRun: false,
    overwrite: false,
  });
});

it('an invalid request is quoted, with the reason for each field', () => {
  const parse = () => parseRequest(restoreRequestSchema, { day: '2026-02-30', dryRun: 'yes' });
  expect(parse).toThrow(/received {"day":"2026-02-30","dryRun":"yes"}: day: use a day such as 2026-11-20; dryRun: /);
});

it.each([null, undefined, 'text', { day: 'jane@example.com' }])(
  'the invalid input %j of a step is not quoted, only its fields are named',
  (event) => {
    const parse = () => parseStepInput(restoreRequestSchema, event);
    expect(parse).toThrow(/^received \w+ that is not the input of this step: (day|input): /);
    expect(parse).not.toThrow(/jane/);
  },
);

import { dailyTimeOf, firstSkippedDay } from '../../../lib/scheduled-backup/daily-time';

const from = new Date('2026-11-26T00:00:00Z');

it.each([
  ['cron(0 4 * * ? *)', { hour: 4, minute: 0 }],
  ['cron(30 23 ? * * *)', { hour: 23, minute: 30 }],
])('%s is due once on every day', (expression, time) => {
  expect(dailyTimeOf(expression)).toEqual(time);
});

it.each([
  'cron(0 4 ? * MON-FRI *)',
  'cron(0 4 1 * ? *)',
  'cron(0 4 * 1 ? *)',
  'cron(0 0/6 * * ? *)',
  'cron(0 25 * * ? *)',
  'cron(60 4 * * ? *)',
  'cron(0 4 * * ? 2027)',
  'rate(1 day)',
  'rate(24 hours)',
])('%s is not due exactly once on every day', (expression) => {
  expect(dailyTimeOf(expression)).toBeUndefined();
});

it.each([
  ['Africa/Cairo', 0, 0],
  ['America/Santiago', 0, 0],
  ['Asia/Beirut', 0, 0],
  ['America/Havana', 0, 30],
  ['Europe/Berlin', 2, 30],
  ['Europe/London', 1, 0],
  ['Australia/Lord_Howe', 2, 15],
])('in %s clocks skip %i:%i on a day within two years', (timeZone, hour, minute) => {
  expect(firstSkippedDay({ hour, minute }, timeZone, from)).toMatch(/^20\d\d-\d\d-\d\d$/);
});

it('names the first day on which the time is skipped', () => {
  expect(firstSkippedDay({ hour: 2, minute: 30 }, 'Europe/Berlin', from)).toBe('2027-03-28');
});

it.each([
  ['UTC', 0, 0],
  ['Europe/Berlin', 3, 0],
  ['Europe/Berlin', 1, 59],
  ['Asia/Tokyo', 0, 0],
  ['Pacific/Kiritimati', 0, 0],
])('in %s clocks never skip %i:%i', (timeZone, hour, minute) => {
  expect(firstSkippedDay({ hour, minute }, timeZone, from)).toBeUndefined();
});

it.each([
  'Africa/Cairo',
  'America/Havana',
  'America/Godthab',
  'Europe/Athens',
  'Europe/Berlin',
  'Pacific/Chatham',
  'Antarctica/Troll',
])('four in the morning exists on every day in %s', (timeZone) => {
  expect(firstSkippedDay({ hour: 4, minute: 0 }, timeZone, from)).toBeUndefined();
});

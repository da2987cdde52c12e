import type { Mail } from './adapters/notices';
import { dollars } from './cost';
import type { RequestRecord } from './request-record';

const facts = (record: RequestRecord): string[] => [
  `Team: ${record.team}`,
  `Requester: ${record.person}`,
  `Machine: ${record.size} (${record.instanceType}), start script ${record.startScript}`,
  `End: ${record.wantedEnd ?? record.endsAt}`,
  `Estimated cost${record.round === 1 ? '' : ', with the time so far'}: ${dollars(record.estimateCents)}`,
];

/**
 * Mail to an approver with a personal link. The subject has no text of the requester: it is a header. The purpose is quoted, so
 * that it cannot pass for text of ours.
 */
export function askMail(record: RequestRecord, link: string, expiresAt: string, reminder: boolean): Mail {
  const what = record.round === 1 ? 'Machine' : 'Extension';
  return {
    subject: `${reminder ? 'Reminder: ' : ''}${what} ${record.requestId} waits for your approval`,
    text: [
      `${what} ${record.requestId} waits for your approval until ${expiresAt}.`,
      ...facts(record),
      'Purpose:',
      ...record.purpose.split('\n').map((line) => `> ${line}`),
      '',
      'Read it and decide on this page:',
      link,
      '',
      'The link is personal: whoever has it decides in your name. Do not forward it.',
    ].join('\n'),
  };
}

const outcomes: Readonly<Record<string, string>> = {
  running: 'is running',
  extended: 'is extended',
  'extension-refused': 'is not extended: an approver refused it',
  'extension-expired': 'is not extended: nobody decided in time',
  'extension-rejected': 'is not extended: the policy does not allow it',
  'extension-failed': 'is not extended: a step failed',
  rejected: 'was rejected by the policy',
  refused: 'was refused by an approver',
  expired: 'was not approved in time',
  failed: 'could not be launched',
  ended: 'has ended',
  cancelled: 'was cancelled by an operator',
};

/** Mail to the requester about an outcome, which is a key of `outcomes`. */
export function outcomeMail(record: RequestRecord, outcome: string): Mail {
  // Each extension has its own notice: a notice is sent once by its subject.
  const which = outcome.startsWith('exten') ? ` (extension ${record.round - 1})` : '';
  const sentence = `Machine ${record.requestId} ${outcomes[outcome] ?? outcome}${which}`;
  const machine = record.instanceId === undefined ? [] : [`Instance: ${record.instanceId}`];
  const reason = record.reason === undefined ? [] : [`Reason: ${record.reason}`];
  return { subject: sentence, text: [`${sentence}.`, ...facts(record), ...machine, ...reason].join('\n') };
}

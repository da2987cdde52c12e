import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { createSsmClient } from '../shared/ssm-client';
import { translateBusyErrors } from '../shared/service-busy';
import { createStatesClient } from '../shared/states-client';
import { putLink } from './adapters/dynamodb-links';
import { changeRequest } from './adapters/dynamodb-requests';
import { readParameter } from './adapters/systems-manager';
import { sendOutcome } from './adapters/states-workflow';
import { createNotices, createStore, noticeVariables, storeVariables, trySendMail } from './dependencies';
import { toInstant } from './form';
import { linkHash, linkOf } from './link';
import { askMail } from './mail';
import { parsePolicy } from './policy';
import { stepSchema } from './step-input';
import { wait } from './transitions';

const settings = readEnvironment(
  z.extend(storeVariables, {
    ...noticeVariables.shape,
    POLICY_PARAMETER_NAME: z.string(),
    LINKS_TABLE_NAME: z.string(),
    PAGE_URL: z.string(),
  }),
  process.env,
);
const store = createStore(settings);
const links = { client: store.client, linksTableName: settings.LINKS_TABLE_NAME };
const ssm = createSsmClient();
const sfn = createStatesClient();
const notices = createNotices(settings);

const inputSchema = z.extend(stepSchema, {
  taskToken: z.string().check(z.minLength(1)),
  /** Time from now in which decisions are accepted. */
  decideSeconds: z.int().check(z.positive()),
  reminder: z.boolean(),
});

/** Fewer approvers can be reached than have to approve. */
export class ApproversNotReachedError extends Error {
  override readonly name = 'ApproversNotReachedError';
}

/**
 * Saves the task token and mails each approver a link of their own. Each call makes new links, since only hashes are kept; the
 * older ones stay valid.
 *
 * A decision that was recorded and not passed on is passed on now.
 */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const { requestId, round, taskToken, decideSeconds, reminder } = parseInput(inputSchema, event);
  const expiresAt = toInstant(new Date(store.now().getTime() + decideSeconds * 1_000));
  const { record } = await changeRequest(store, requestId, (before) => wait(before, round, taskToken, expiresAt));
  const { approval, approvers = [], approvedBy = [], needed = 1 } = record;
  if (approval !== 'open' || record.round !== round) {
    await sendOutcome(sfn, taskToken, approval === 'approved' ? 'approved' : 'refused');
    return;
  }
  const { people } = parsePolicy(await readParameter(ssm, settings.POLICY_PARAMETER_NAME));
  let reached = approvedBy.length;
  for (const person of approvers.filter((one) => !approvedBy.includes(one))) {
    const recipient = people[person]?.email;
    if (recipient === undefined) continue;
    const link = linkOf(randomBytes(32));
    await putLink(links, linkHash(link), { requestId, round, person, expiresAt });
    const mail = askMail(record, `${settings.PAGE_URL}approvals/${link}`, expiresAt, reminder);
    if (await trySendMail(store, notices, recipient, mail, requestId)) reached++;
  }
  if (reached < needed) throw new ApproversNotReachedError(`mail reached ${reached} approvers of ${needed}`);
  logger.info('approvers asked', { requestId, round, reached, reminder });
});

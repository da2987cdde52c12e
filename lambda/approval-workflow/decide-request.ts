import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createStatesClient } from '../shared/states-client';
import { getLink, type LinkTarget } from './adapters/dynamodb-links';
import { changeRequest, findRequest } from './adapters/dynamodb-requests';
import { sendOutcome } from './adapters/states-workflow';
import { createStore, storeVariables } from './dependencies';
import { isPageToken, linkHash, linkPattern, pageToken } from './link';
import { answerPage, outdatedPage, requestPage, unknownPage, type Response } from './page';
import type { RequestRecord } from './request-record';
import { decide, type Decision, type DecisionAnswer } from './transitions';

const settings = readEnvironment(z.extend(storeVariables, { LINKS_TABLE_NAME: z.string() }), process.env);
const store = createStore(settings);
const links = { client: store.client, linksTableName: settings.LINKS_TABLE_NAME };
const sfn = createStatesClient();

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
const eventSchema = z.object({
  pathParameters: z.object({ link: z.string().check(z.regex(linkPattern)) }),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string() }) }),
  headers: z.record(z.string(), z.string()),
  body: z.optional(z.string().check(z.maxLength(4_096))),
  isBase64Encoded: z.boolean(),
});
type PageEvent = z.output<typeof eventSchema>;

/** Serves an approver's page: GET shows the request and changes nothing, POST decides. */
export const handler = async (event: unknown, context: Context): Promise<Response> => {
  logger.addContext(context);
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return unknownPage();
  const { link } = parsed.data.pathParameters;
  const target = await getLink(links, linkHash(link));
  const record = target && (await findRequest(store, target.requestId));
  if (target === undefined || record === undefined || record.round !== target.round) return unknownPage();
  return parsed.data.requestContext.http.method === 'POST'
    ? post(parsed.data, target, record)
    : show(link, target, record);
};

function show(link: string, { person, expiresAt }: LinkTarget, record: RequestRecord): Response {
  const { answer } = decide(record, { person, decision: 'approve', now: store.now(), from: '' });
  if (answer !== 'approved' && answer !== 'one-more') return answerPage(answer);
  return requestPage(record, pageToken(link, record.requestId, record.round), expiresAt);
}

async function post(event: PageEvent, target: LinkTarget, { requestId, round }: RequestRecord): Promise<Response> {
  const form = formOf(event);
  const { link } = event.pathParameters;
  if (form === undefined || !isPageToken(form.token, link, requestId, round)) return outdatedPage();
  const input = {
    person: target.person,
    decision: form.decision,
    now: store.now(),
    from: event.requestContext.http.sourceIp,
  };
  let answer: DecisionAnswer = 'already-decided';
  const { record } = await changeRequest(store, requestId, (before) => {
    if (before.round !== target.round) return undefined;
    const decided = decide(before, input);
    ({ answer } = decided);
    return decided.change;
  });
  const { approval, taskToken } = record;
  // Also for a repeated decision: the first call may have ended before this.
  if (record.round === target.round && taskToken !== undefined && (approval === 'approved' || approval === 'refused')) {
    await sendOutcome(sfn, taskToken, approval);
  }
  logger.info('decision received', { requestId, answer });
  return answerPage(answer);
}

function formOf({ headers, body = '', isBase64Encoded }: PageEvent): { token: string; decision: Decision } | undefined {
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
    return undefined;
  const form = new URLSearchParams(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body);
  const [token, decision] = [form.getAll('token'), form.getAll('decision')];
  if (token.length !== 1 || decision.length !== 1) return undefined;
  if (decision[0] !== 'approve' && decision[0] !== 'refuse') return undefined;
  return { token: token[0] ?? '', decision: decision[0] };
}

import type { Deployment } from './deployment';

/** Waits for an approver's mail about a request; returns the address of the page as this target serves it. */
export function waitForLink(deployment: Deployment, requestId: string, name: 'ben' | 'cleo'): Promise<string> {
  const { run } = deployment;
  return run.eventually(`a mail to ${name} about ${requestId}`, async () => {
    const mails = await deployment.mails();
    const mail = mails.findLast(
      ({ recipient, text }) => recipient.startsWith(`${name}-${run.runId}@`) && text.includes(requestId),
    );
    const link = mail && /https:\/\/\S+\/(approvals\/[\w-]{43})$/m.exec(mail.text)?.[1];
    return link && `${run.output('ApprovalPageUrl')}${link}`;
  });
}

/** Opens a page; returns the token of its form, if it has one. */
export async function openPage(
  link: string,
): Promise<{ status: number; html: string; token: string; headers: Headers }> {
  const response = await fetch(link);
  const html = await response.text();
  const token = /name="token" value="([^"]*)"/.exec(html)?.[1] ?? '';
  return {
    status: response.status,
    html,
    token: token.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    headers: response.headers,
  };
}

/** Sends the form of a page. */
export async function decideOn(link: string, token: string, decision: string): Promise<number> {
  const body = new URLSearchParams({ token, decision });
  const { status } = await fetch(link, { method: 'POST', body });
  return status;
}

/** Opens the page of an approver and decides there; returns the status of the answer. */
export async function decide(
  deployment: Deployment,
  requestId: string,
  name: 'ben' | 'cleo',
  decision: 'approve' | 'refuse',
): Promise<number> {
  const link = await waitForLink(deployment, requestId, name);
  const { token } = await openPage(link);
  return decideOn(link, token, decision);
}

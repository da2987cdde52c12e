import type { ChannelName } from './channels';
import { lineOf, type Notice } from './notice';

/** Lines of a digest; the notices beyond are counted. Slack takes 50 blocks, and Teams 28 KB. */
const maximumLines = 20;

/** Renders a digest as the JSON that the receiver takes. */
export function renderDigest(channel: ChannelName, notices: readonly Notice[]): object {
  return channel === 'slack' ? slackMessage(notices) : teamsMessage(notices);
}

/** Names have no place in it: receivers read links and mentions in the text of notifications. */
function headline(notices: readonly Notice[]): string {
  const count = resourcesOf(notices);
  return `${count} new resource${count === 1 ? '' : 's'}`;
}

function resourcesOf(notices: readonly Notice[]): number {
  return notices.reduce((sum, { count }) => sum + count, 0);
}

/** Returns the lines of a digest: what went wrong first, and the number of resources of each type for what has no line. */
export function digestLines(notices: readonly Notice[]): string[] {
  const hasTrouble = ({ refused, lacking }: Notice): number =>
    Object.keys(refused).length + Object.keys(lacking).length > 0 ? 0 : 1;
  const sorted = notices.toSorted((one, other) => hasTrouble(one) - hasTrouble(other));
  const shown = sorted.slice(0, maximumLines).map(lineOf);
  const rest = sorted.slice(maximumLines);
  if (rest.length === 0) return shown;
  const byType = [...Map.groupBy(rest, ({ type }) => type)].map(([type, all]) => `${resourcesOf(all)} ${type}`);
  return [...shown, `and ${resourcesOf(rest)} more: ${byType.join(', ')}`];
}

/**
 * Message for an incoming webhook of Slack: sections of plain text, in which Slack reads no formatting, links and mentions.
 * It decodes three entities there too: https://docs.slack.dev/messaging/formatting-message-text
 */
function slackMessage(notices: readonly Notice[]): object {
  return {
    text: headline(notices),
    blocks: digestLines(notices).map((line) => ({
      type: 'section',
      text: { type: 'plain_text', text: escapeSlack(line), emoji: false },
    })),
  };
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Adaptive Card for the trigger "When a Teams webhook request is received" of Workflows. Names are in text runs: Markdown and
 * functions such as `{{DATE()}}` are read in text blocks and facts only.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
function teamsMessage(notices: readonly Notice[]): object {
  const body = [
    { type: 'TextBlock', text: headline(notices), weight: 'Bolder' },
    ...digestLines(notices).map((text) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] })),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

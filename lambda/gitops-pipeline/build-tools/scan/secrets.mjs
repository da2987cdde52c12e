/** Credentials by their documented forms: long enough that text does not have them by chance. */
const secrets = [
  { rule: 'secret/aws-access-key', name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { rule: 'secret/private-key', name: 'private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  {
    rule: 'secret/github-token',
    name: 'GitHub token',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/,
  },
  { rule: 'secret/npm-token', name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { rule: 'secret/slack-token', name: 'Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/ },
];

/**
 * Finds credentials in a text. A finding names the place, never the value.
 *
 * @param {string} text
 */
export function secretsIn(text) {
  return text.split('\n').flatMap((line, index) =>
    secrets
      // AWS writes its examples so.
      .filter(({ pattern }) => pattern.test(line) && !/EXAMPLE/.test(pattern.exec(line)?.[0] ?? ''))
      .map(({ rule, name }) => ({ rule, line: index + 1, message: name })),
  );
}

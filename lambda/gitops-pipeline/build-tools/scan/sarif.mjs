/**
 * Findings in the Static Analysis Results Interchange Format:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * @param {{ rule: string, file: string, line: number, message: string, accepted: boolean }[]} findings
 * @param {readonly string[]} notes
 */
export function sarifOf(findings, notes) {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'gitops-pipeline-scan', rules: rules.map((id) => ({ id })) } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notes.map((text) => ({ level: 'note', message: { text } })),
          },
        ],
        results: findings.map(({ rule, file, line, message, accepted }) => ({
          ruleId: rule,
          level: 'error',
          message: { text: message },
          locations: [
            { physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: line } } },
          ],
          ...(accepted ? { suppressions: [{ kind: 'external', justification: 'a setting of the pipeline' }] } : {}),
        })),
      },
    ],
  };
}

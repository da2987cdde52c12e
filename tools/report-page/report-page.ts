import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultMaximumPictureBytes, loadPictures } from './pictures';
import { architectureSection } from './architecture';
import { faultMatrix } from './faults';
import { markup, trusted } from './markup';
import { architectureTable, failures, overview, timeline, whatRan } from './overview';
import { resultsOf } from './results';
import { ruleList } from './rules';
import type { RunReport } from '../local/run-report';

/** Nothing is fetched and nothing runs, whatever a report holds. */
const contentSecurityPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const stylesheet = [
  'colors',
  'page',
  'results',
  'overview',
  'tables',
  'architecture',
  'check',
  'pictures',
  'diagram',
  'matrix',
]
  .map((part) => readFileSync(join(__dirname, 'style', `${part}.css`), 'utf8'))
  .join('');

/**
 * Makes one HTML page of a local run's report that needs nothing beside it.
 *
 * @param readPicture gives the bytes of a picture by its `file` in the scenario report; where it throws, the page says so
 * @param maximumPictureBytes what the embedded pictures may take together; the page says which were left out
 */
export function renderReportPage(
  report: RunReport,
  readPicture: (file: string) => Buffer,
  maximumPictureBytes: number = defaultMaximumPictureBytes,
): string {
  const results = resultsOf(report);
  const loaded = loadPictures(report.scenarios, readPicture, maximumPictureBytes);
  const title = `${report.status === 'passed' ? 'Passed' : 'Failed'}: ${whatRan(results)}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title} · Local run</title>
<style>
${trusted(stylesheet)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
${overview(report, results)}
<main id="results" tabindex="-1">
${failures(report)}
${timeline(report)}
${architectureTable(results)}
${faultMatrix(results)}
${results.map((result) => architectureSection(result, loaded))}
${ruleList(report)}
</main>
</body>
</html>
`.text;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultMaximumPictureBytes, loadPictures } from './pictures';
import { architectureSection } from './architecture';
import { faultMatrix } from './faults';
import { functionTable } from './functions';
import { gantt } from './gantt';
import { markup, trusted } from './markup';
import { failures, header, navigation, titleOf } from './overview';
import { resultsOf } from './results';
import { emulatorSection } from './rules';
import type { RunReport } from '../local/run-report';

/** Blocks requests and scripts, whatever a report contains. */
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
 * Renders the report of a run as one self-contained HTML page.
 *
 * @param readPicture returns the bytes of a picture by its `file` in the scenario report; the page shows its errors
 * @param maximumPictureBytes total size of embedded pictures; the page says which are left out
 */
export function renderReportPage(
  report: RunReport,
  readPicture: (file: string) => Buffer,
  maximumPictureBytes: number = defaultMaximumPictureBytes,
): string {
  const results = resultsOf(report);
  const loaded = loadPictures(report.scenarios, readPicture, maximumPictureBytes);
  const emulator = emulatorSection(report);
  const title = `${report.status === 'passed' ? 'Passed' : 'Failed'}: ${titleOf(results)}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title} · ${report.account === undefined ? 'Local run' : 'Run in an account'}</title>
<style>
${trusted(stylesheet)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
${navigation(results, emulator !== undefined)}
${header(report, results)}
<main id="results" tabindex="-1">
${failures(report)}
<div class="overview">
${gantt(report, results)}
${functionTable(report, results)}
</div>
${faultMatrix(results)}
${results.map((result) => architectureSection(result, report, loaded))}
${emulator}
</main>
</body>
</html>
`.text;
}

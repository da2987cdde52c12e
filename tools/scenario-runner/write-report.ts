import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenarioReportSchema, type PictureReport, type ScenarioReport } from './scenario-report';
import type { CheckResult } from './run-check';

/** Writes the report, and its pictures into a folder next to it, which is emptied first; returns the report with the paths of its pictures. */
export function writeReport(file: string, report: ScenarioReport, results: readonly CheckResult[]): ScenarioReport {
  const folder = `${path.basename(file, '.json')}-pictures`;
  const absolute = path.join(path.dirname(file), folder);
  rmSync(absolute, { recursive: true, force: true });
  mkdirSync(absolute, { recursive: true });
  const checks = results.map(({ report: check, pictures }) => ({
    ...check,
    pictures: pictures.map(({ bytes, ...picture }, index): PictureReport => {
      const name = `${check.slug}-${check.name}-${index + 1}.${extension(picture.contentType)}`;
      writeFileSync(path.join(absolute, name), bytes);
      return { ...picture, file: `${folder}/${name}` };
    }),
  }));
  const complete = scenarioReportSchema.parse({ ...report, checks });
  writeFileSync(file, `${JSON.stringify(complete, undefined, 2)}\n`);
  return complete;
}

function extension(contentType: string): string {
  return /^image\/([a-z]+)/.exec(contentType)?.[1] ?? 'bin';
}

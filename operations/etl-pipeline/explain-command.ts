import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Report } from '../../lambda/etl-pipeline/report';
import type { RejectedRow } from '../../lambda/etl-pipeline/transformation';
import { printable } from '../../lambda/shared/plain-text';
import { UsageError, parseOptions } from '../command-line/command';
import { outputsOf, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stackName } from '../../lib/stack-name';
import { createDeployment, executionStatus, listOpenFiles, readFile, type FilesDeployment } from './files-deployment';
import { isFileId } from './replay-command';

const help = `Shows what became of a file: its state, counts, reasons and first rejected rows.

  npm run ops -- etl-pipeline explain <file id> [options]
  npm run ops -- etl-pipeline explain --open [options]      files that have reached no end, or have failed

  --rows <n>        rejected rows to show (default 5)
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Rejected rows are shown as they are in the file. Endpoint, region and credentials come from the environment.
Exit code: 0 shown, 1 no such file, 2 wrong usage.`;

/** Runs `npm run ops -- etl-pipeline explain`; returns the exit code. */
export async function runExplain(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      open: { type: 'boolean', default: false },
      rows: { type: 'string', default: '5' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [fileId = '', ...others] = positionals;
  if (others.length > 0 || (values.open ? fileId !== '' : !isFileId(fileId))) {
    throw new UsageError(`received '${positionals.join(' ')}': give one file id of 24 of 0-9 a-f, or --open`);
  }
  if (!/^\d{1,4}$/.test(values.rows)) throw new UsageError(`--rows '${values.rows}': use a whole number up to 9999`);
  const stack = stackName('EtlPipeline', stageOf(values.stage));
  const deployment = createDeployment(await outputsOf(stack, values.outputs), stack);
  const lines = values.open
    ? await explainOpen(deployment)
    : await explainFile(deployment, fileId, Number(values.rows));
  if (lines === undefined) {
    console.error(`no file '${fileId}': check the id, or give another --stage`);
    return 1;
  }
  for (const line of lines) console.log(printable(line));
  return 0;
}

async function explainOpen(deployment: FilesDeployment): Promise<string[]> {
  const lines: string[] = [];
  for await (const fileId of listOpenFiles(deployment)) {
    const file = await readFile(deployment, fileId);
    lines.push(`${fileId}  ${file?.status ?? ''}  ${JSON.stringify(file?.key ?? '')}`);
  }
  return [...lines, `${lines.length} open files`];
}

/** Lines about a file, or undefined if there is no such file. */
export async function explainFile(
  deployment: FilesDeployment,
  fileId: string,
  rows: number,
): Promise<string[] | undefined> {
  const file = await readFile(deployment, fileId);
  if (file === undefined) return undefined;
  const { key, versionId, dataset, status, reason, execution, generation } = file;
  const state = (await executionStatus(deployment, execution)) ?? 'no longer known';
  const text = await readCurated(deployment, `reports/${dataset}/${fileId}.json`);
  const report = text === undefined ? undefined : (JSON.parse(text) as Report);
  return [
    `${JSON.stringify(key)}, version ${versionId}, dataset ${dataset}`,
    `${status}${reason === undefined || reason === 'none' ? '' : `: ${reason}`}`,
    `execution ${generation} (${state}): ${execution}`,
    ...(report === undefined ? ['no report yet'] : describeReport(report)),
    ...(await describeRejected(deployment, `rejected/${dataset}/${fileId}/`, rows)),
  ];
}

function describeReport(report: Report): string[] {
  const { rows, loaded, unchanged, older, rejected, rejectedBecause, quarantinedTo, seconds, generation } = report;
  return [
    `report of execution ${generation}: ${rows} rows = ${loaded} loaded + ${unchanged} unchanged + ${older} older + ${rejected} rejected, in ${seconds} s`,
    ...Object.entries(rejectedBecause).map(([why, count]) => `  ${count} × ${why}`),
    ...(quarantinedTo === undefined ? [] : [`quarantined to ${JSON.stringify(quarantinedTo)}`]),
  ];
}

async function describeRejected(deployment: FilesDeployment, Prefix: string, most: number): Promise<string[]> {
  const Bucket = deployment.output('CuratedBucketName');
  const { Contents = [] } = await deployment.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const lines: string[] = [];
  for (const { Key = '' } of Contents) {
    if (lines.length >= most) break;
    const text = (await readCurated(deployment, Key)) ?? '';
    const rejected = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RejectedRow]));
    lines.push(
      ...rejected.map(
        ({ line, raw, reasons }) => `  line ${line}: ${reasons.join('; ')}: ${JSON.stringify(raw.slice(0, 200))}`,
      ),
    );
  }
  return lines.length === 0 ? [] : ['rejected rows:', ...lines.slice(0, most)];
}

async function readCurated({ s3, output }: FilesDeployment, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: output('CuratedBucketName'), Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

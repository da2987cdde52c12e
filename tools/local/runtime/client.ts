import { tmpdir } from 'node:os';
import { failureLine, patchConsole, type ConsoleSettings } from './console-log';
import { restoreResponsePort } from './custom-resource-port';
import { reportOf, RuntimeFailure } from './failure';
import { recordCalls } from './calls';
import { enableFaults } from './faults';
import { InvocationLog } from './invocation-log';
import { contextOf } from './invocation-context';
import { publishCredentials } from './publish-credentials';
import { loadHandler, type Handler } from './load-handler';
import { platformReport, type InvocationResult } from './platform-report';
import { RuntimeApi, RuntimeApiError } from './runtime-api';
import { taskRootOf } from './task-root';
import { makeTemporaryFolder } from './temporary-folder';

/** Exit codes of AWS's Node runtime. */
const exitCodes = { initFailed: 1, unhandledRejection: 128, uncaughtException: 129 } as const;

const environment = process.env;
const api = new RuntimeApi(environment['AWS_LAMBDA_RUNTIME_API'] ?? '');
publishCredentials(environment);
const taskRoot = taskRootOf(environment);
environment['TMPDIR'] = makeTemporaryFolder(tmpdir(), process.pid);
const invocations = new InvocationLog(environment);
recordCalls(environment, (call) => invocations.denied(call));
const activityMarker = enableFaults(environment);
let requestId: string | undefined;

const consoleSettings: ConsoleSettings = {
  format: environment['AWS_LAMBDA_LOG_FORMAT'] ?? 'Text',
  level: environment['AWS_LAMBDA_LOG_LEVEL'],
  requestId: () => requestId,
  write: (line) => process.stdout.write(line),
  now: () => new Date(),
};

/**
 * Lambda runtime for Node that behaves like AWS's: loads the handler that `_HANDLER` names, passes it one event after the
 * other, and reports its result or error.
 */
async function main(): Promise<void> {
  environment['LAMBDA_TASK_ROOT'] = taskRoot;
  process.chdir(taskRoot);
  patchConsole(console, consoleSettings);
  restoreResponsePort(environment['AWS_ENDPOINT_URL']);
  process.on('uncaughtException', (error) => void die('Uncaught Exception', error, exitCodes.uncaughtException));
  process.on('unhandledRejection', (reason) => {
    const failure = new RuntimeFailure('Runtime.UnhandledPromiseRejection', String(reason));
    void die('Unhandled Promise Rejection', failure, exitCodes.unhandledRejection);
  });

  const handler = await load();
  for (;;) await handleNext(handler);
}

async function load(): Promise<Handler> {
  try {
    return await loadHandler(taskRoot, environment['_HANDLER'] ?? '');
  } catch (error) {
    return die('Uncaught Exception', error, exitCodes.initFailed);
  }
}

async function handleNext(handler: Handler): Promise<void> {
  const invocation = await api.next();
  requestId = invocation.requestId;
  activityMarker.begin();
  invocations.begin(invocation);
  environment['_X_AMZN_TRACE_ID'] = invocation.traceId ?? '';
  const context = contextOf(invocation, environment, Date.now);
  const started = performance.now();
  try {
    const result = await handler(JSON.parse(invocation.event), context);
    const json = jsonOf(result);
    writeReport('success', invocation.requestId, started);
    invocations.succeed(json);
    await api.respond(invocation.requestId, json);
  } catch (error) {
    if (error instanceof RuntimeApiError) throw error;
    process.stdout.write(failureLine('Invoke Error', error, consoleSettings));
    writeReport('error', invocation.requestId, started);
    invocations.fail(error);
    await api.fail(invocation.requestId, reportOf(error));
  } finally {
    activityMarker.end();
  }
}

/** Written before the response, not after it as on AWS: the emulator collects an invocation's log lines at the response. */
function writeReport(status: InvocationResult['status'], invocationId: string, started: number): void {
  const invoked: InvocationResult = {
    requestId: invocationId,
    status,
    durationMilliseconds: performance.now() - started,
    memoryMegabytes: Number(environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 128),
    maxMemoryMegabytes: Math.ceil(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(platformReport(invoked, consoleSettings.format, new Date()));
}

/** JSON of the result: `null` for a value without JSON; a value that cannot be serialized fails the invocation. */
function jsonOf(result: unknown): string {
  try {
    // undefined and functions have no JSON, unlike the return type says.
    const json: unknown = JSON.stringify(result);
    return typeof json === 'string' ? json : 'null';
  } catch {
    throw new RuntimeFailure('Runtime.MarshalError', 'Unable to stringify response body');
  }
}

/** Reports a fatal error and ends the process. */
async function die(title: string, thrown: unknown, exitCode: number): Promise<never> {
  const during = requestId;
  process.stdout.write(failureLine(title, thrown, consoleSettings));
  try {
    if (during === undefined) {
      invocations.failInit(thrown);
      await api.failInit(reportOf(thrown));
    } else {
      invocations.fail(thrown);
      await api.fail(during, reportOf(thrown));
    }
  } catch {
    // The Runtime API is gone.
  }
  process.exit(exitCode);
}

// The Runtime API is gone: the emulator has ended.
main().catch(() => process.exit(1));

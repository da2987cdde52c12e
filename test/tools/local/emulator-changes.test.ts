import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'emulator-changes-'));
const callers = join(folder, 'callers');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The parts of MiniStack that are changed, with what is changed there. */
const ministack = {
  'services/__init__.py': '',
  '__init__.py': '',
  'services/sts.py': `
sessions = []
def register_session(access_key, session):
    sessions.append(access_key)
def _caller_identity(headers, query_params):
    if headers.get("authorization") is None:
        return (403, {}, b"")
    return {"accessKey": "AKIA", "accountId": "111122223333", "userId": "AIDA", "userArn": "arn:aws:iam::111122223333:user/ana"}
`,
  'services/lambda_svc.py': `
def _build_function_url_event(url_id, account_id, region, method, path, headers, body, query_params, **more):
    return {"rawPath": path, "requestContext": {"http": {"method": method}}}
def _execute_function_provided_warm(func, event, request_id):
    return {"body": {"errorMessage": func, "errorType": "Runtime.Unknown"}, "error": True}
sent = []
def _get_func_record_for_ref(arn):
    return ({"retries": 2}, {"name": arn}, arn) if arn != "gone" else (None, None, arn)
def _execution_record_for_config(func, config):
    return {**func, "config": config}
def invoke_async_with_retry(record, event):
    sent.append([record, event])
`,
  'services/eventbridge.py': `
def _dispatch_to_lambda(arn, payload):
    pass
`,
  'services/stepfunctions.py': `
import threading
class _ExecutionError(Exception):
    def __init__(self, error, cause):
        self.error, self.cause = error, cause
_task_tokens = {}
def _call_lambda(func_ref, event):
    if func_ref == "failing":
        raise _ExecutionError("ApproversNotReachedError", "cause")
    if func_ref == "answering":
        _task_tokens[event["token"]].update(result="done")
        _task_tokens[event["token"]]["event"].set()
    return {}
def _invoke_with_callback(resource, input_data, token, state_def):
    event = threading.Event()
    _task_tokens[token] = {"event": event, "result": None, "error": None}
    try:
        _call_lambda(input_data["function"], {"token": token})
    except _ExecutionError:
        pass
    if not event.wait(timeout=state_def["TimeoutSeconds"]):
        return "States.Timeout"
    waiting = _task_tokens.pop(token)
    return waiting["error"] or waiting["result"]
`,
};
for (const [file, text] of Object.entries(ministack)) {
  const path = join(folder, 'ministack', file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

/** Prints what these lines of Python give as JSON, after the change is installed. */
function run(change: string, expression: string): unknown {
  const script = `import json, ${change}\n${change}.install()\nfrom ministack.services import eventbridge, lambda_svc, stepfunctions, sts\nprint(json.dumps(${expression}))`;
  const path = [join(__dirname, '../../../tools/local'), folder].join(':');
  const { stdout, stderr } = spawnSync('python3', ['-B', '-c', script], {
    env: { ...process.env, PYTHONPATH: path, LOCAL_RUN_CALLERS: callers },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const event = (headers: string, more = '') =>
  run(
    'function_url_caller',
    `lambda_svc._build_function_url_event("u", "1", "r", "GET", "/requests", ${headers}, b"", {}${more})`,
  );

it('an event of a function URL with AWS_IAM names the caller who signed', () => {
  expect(event('{"authorization": "AWS4-HMAC-SHA256 …"}')).toMatchObject({
    rawPath: '/requests',
    requestContext: {
      http: { method: 'GET' },
      authorizer: {
        iam: { accountId: '111122223333', userArn: 'arn:aws:iam::111122223333:user/ana', cognitoIdentity: null },
      },
    },
  });
});

it('an event without a signature names nobody', () => {
  const bare = { rawPath: '/requests', requestContext: { http: { method: 'GET' } } };
  expect(event('{}')).toEqual(bare);
  expect(event('{"authorization": "AWS4-HMAC-SHA256 …"}', ', anonymous=True')).toEqual(bare);
});

const callback = (name: string) =>
  run(
    'callback_errors',
    `stepfunctions._invoke_with_callback("lambda", {"function": "${name}"}, "t", {"TimeoutSeconds": 0.2})`,
  );

it('a task that waits for a token fails with the error of the function that received it', () => {
  expect(callback('failing')).toEqual({ Error: 'ApproversNotReachedError', Cause: 'cause' });
});

it('a task waits for its token after its function has answered', () => {
  expect(callback('waiting')).toBe('States.Timeout');
  expect(callback('answering')).toBe('done');
});

it('an environment that exits while it starts has the error that AWS gives it', () => {
  const typeOf = (message: string) =>
    run('exit_errors', `lambda_svc._execute_function_provided_warm("${message}", {}, "r")["body"]["errorType"]`);
  expect(typeOf('bootstrap exited during init with code 1')).toBe('Runtime.ExitError');
  expect(typeOf('something else')).toBe('Runtime.Unknown');
});

it('an event of a rule is repeated as the configuration of its function says', () => {
  const sent = (arn: string) =>
    run('repeated_events', `eventbridge._dispatch_to_lambda("${arn}", '{"id": 1}') or lambda_svc.sent`);
  expect(sent('finish')).toEqual([[{ retries: 2, config: { name: 'finish' } }, { id: 1 }]]);
  expect(sent('gone')).toEqual([]);
});

it('the credentials of a session are published for the services beside the emulator, and for nobody else', () => {
  const session = '{"SecretAccessKey": "secret", "SessionToken": "token"}';
  expect(run('session_publisher', `sts.register_session("ASIA1", ${session}) or sts.sessions`)).toEqual(['ASIA1']);
  const file = join(callers, 'ASIA1.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ secretAccessKey: 'secret', sessionToken: 'token' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('threads publish the credentials of one session at the same time', () => {
  const session = '{"SecretAccessKey": "secret", "SessionToken": "token"}';
  const calls = `[pool.submit(sts.register_session, "ASIA2", ${session}) for _ in range(400)]`;
  const expression = `(lambda pool: [one.result() for one in ${calls}].count(None))(__import__("concurrent.futures").futures.ThreadPoolExecutor(16))`;
  expect(run('session_publisher', expression)).toBe(400);
});

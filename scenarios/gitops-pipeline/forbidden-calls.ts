/** Calls that the code of a commit tries while it is built, and the answers that the role of the build project must get. */
export interface Attempts {
  readonly bucket: string;
  readonly keyArn: string;
  readonly runsTable: string;
  readonly decideFunction: string;
  /** Key below `build/` for the report, which the role may write. */
  readonly report: string;
}

/** `allowed`, or the name of the error, by the call. */
export const expectedAnswers: Readonly<Record<string, string>> = {
  'sign by the key': 'AccessDeniedException',
  'write a statement': 'AccessDenied',
  'write the output of a deployment': 'AccessDenied',
  'read an artifact': 'AccessDenied',
  'write an approval': 'AccessDeniedException',
  'invoke the function that decides': 'AccessDeniedException',
  'assume the role that deploys': 'AccessDenied',
};

/**
 * Program for `while-building.mjs`. It signs its requests by itself, since the demo has no packages:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function forbiddenCalls(attempts: Attempts): string {
  return `
import { createHash, createHmac } from 'node:crypto';
const { bucket, keyArn, runsTable, decideFunction, report } = ${JSON.stringify(attempts)};
const region = process.env.AWS_REGION;
const [, partition, , , account] = keyArn.split(':');
const hash = (text) => createHash('sha256').update(text).digest('hex');
const mac = (key, text) => createHmac('sha256', key).update(text).digest();

// A build of CodeBuild has them from an address: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
async function ofBuild() {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
  if (id !== undefined) return { id, secret, token };
  const answer = await fetch('http://169.254.170.2' + process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI);
  const { AccessKeyId, SecretAccessKey, Token } = await answer.json();
  return { id: AccessKeyId, secret: SecretAccessKey, token: Token };
}
const credentials = await ofBuild();

async function call(service, { method = 'POST', path = '/', body = '', headers = {} }) {
  const url = new URL(path, process.env.AWS_ENDPOINT_URL ?? 'https://' + service + '.' + region + '.amazonaws.com');
  const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, '');
  const signed = {
    ...headers,
    host: url.host,
    'x-amz-content-sha256': hash(body),
    'x-amz-date': time,
    'x-amz-security-token': credentials.token,
  };
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => name + ':' + signed[name]);
  const canonical = [method, url.pathname, '', ...lines, '', names.join(';'), hash(body)].join('\\n');
  const scope = time.slice(0, 8) + '/' + region + '/' + service + '/aws4_request';
  const key = scope.split('/').reduce(mac, 'AWS4' + credentials.secret);
  const signature = mac(key, ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\\n')).toString('hex');
  const { host, ...sent } = signed;
  const authorization =
    'AWS4-HMAC-SHA256 Credential=' + credentials.id + '/' + scope + ', SignedHeaders=' + names.join(';') + ', Signature=' + signature;
  const answer = await fetch(url, { method, headers: { ...sent, authorization }, ...(method === 'GET' ? {} : { body }) });
  const text = await answer.text();
  if (answer.ok) return 'allowed';
  return /AccessDenied(?:Exception)?/.exec(answer.headers.get('x-amzn-errortype') + text)?.[0] ?? answer.status + ' ' + text;
}
const json = (target, type, input) => ({
  body: JSON.stringify(input),
  headers: { 'content-type': 'application/x-amz-json-' + type, 'x-amz-target': target },
});
const put = (key) => call('s3', { method: 'PUT', path: '/' + bucket + '/' + key, body: '{}' });
const digest = createHash('sha256').update('a statement').digest('base64');
const role = 'arn:' + partition + ':iam::' + account + ':role/cdk-hnb659fds-deploy-role-' + account + '-' + region;

const answers = {
  'sign by the key': await call('kms', json('TrentService.Sign', '1.1', {
    KeyId: keyArn, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256',
  })),
  'write a statement': await put('statements/forged.json'),
  'write the output of a deployment': await put('deploy/forged/0/outputs.zip'),
  'read an artifact': await call('s3', { method: 'GET', path: '/' + bucket + '/build/none/0/assembly.zip' }),
  'write an approval': await call('dynamodb', json('DynamoDB_20120810.PutItem', '1.0', {
    TableName: runsTable, Item: { id: { S: 'approval#forged/0' } },
  })),
  'invoke the function that decides': await call('lambda', {
    path: '/2015-03-31/functions/' + decideFunction + '/invocations', body: '{}',
  }),
  'assume the role that deploys': await call('sts', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=AssumeRole&Version=2011-06-15&RoleSessionName=build&RoleArn=' + encodeURIComponent(role),
  }),
};
await call('s3', { method: 'PUT', path: '/' + bucket + '/' + report, body: JSON.stringify(answers) });
console.log(answers);
`;
}

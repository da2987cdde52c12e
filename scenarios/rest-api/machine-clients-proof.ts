import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { apiKeyOf, clientOf, everyDocument, openClient, succeeded } from './deployment';

/** Setting of the variant that this proof is for. */
export const machineClients = [
  { name: 'reader', access: ['read'] },
  { name: 'writer', access: ['read', 'write'] },
];

const newDocument = { title: 'Report', contentType: 'text/plain', bytes: 5 };
const tokenSchema = z.object({ access_token: z.string() });

export const machineClientsProof: Check = {
  name: 'machine-clients',
  title: 'a machine client does what its scopes allow and nothing else, and sees its own documents alone',
  async run(run) {
    const user = await openClient(run, 'ada');
    succeeded(await user.create(newDocument), 201);
    const [reader, writer] = await run.step('get tokens with ids and secrets', async () => {
      const apiKey = await apiKeyOf(run);
      const [readerId = '', writerId = ''] = run.output('MachineClientIds').split(',');
      const clientFor = async (id: string): Promise<DocumentsClient> => clientOf(run, apiKey, await tokenOf(run, id));
      return [await clientFor(readerId), await clientFor(writerId)] as const;
    });
    const { id } = succeeded(await writer.create(newDocument), 201).body;
    run.cleanUp('the document of the writer', async () => {
      await writer.remove(id);
    });
    run.assertEqual((await everyDocument(writer)).map((one) => one.id).join(), id, 'documents of the writer');
    run.assertEqual((await everyDocument(reader)).length, 0, 'documents of the reader');

    const refused = [
      await reader.create(newDocument),
      await reader.patch(id, { title: 'Mine' }, '*'),
      await reader.remove(id),
    ];
    for (const { status, body } of refused) {
      // The gateway refuses the scope itself.
      run.assert([401, 403].includes(status), 'a write with the scope for reading is refused', String(status));
      run.assert(JSON.stringify(body).includes('requestId'), 'the refusal is a problem', JSON.stringify(body));
    }
    run.assertEqual(succeeded(await writer.get(id), 200).body.title, newDocument.title, 'title after all of it');
  },
};

/** Token of a machine client: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
async function tokenOf(run: ScenarioRun, ClientId: string): Promise<string> {
  const { UserPoolClient } = await new CognitoIdentityProviderClient({}).send(
    new DescribeUserPoolClientCommand({ UserPoolId: run.output('UserPoolId'), ClientId }),
  );
  const credentials = Buffer.from(`${ClientId}:${UserPoolClient?.ClientSecret ?? ''}`).toString('base64');
  const response = await fetch(run.output('TokenUrl'), {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  return tokenSchema.parse(await response.json()).access_token;
}

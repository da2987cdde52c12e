import { Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  UserPoolClient,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import type { RestApiSettings } from './rest-api-settings';

export interface DocumentUsersProps {
  readonly config: Config;
  readonly machineClients: RestApiSettings['machineClients'];
}

/**
 * User pool of the API and its client, for users that an administrator adds.
 *
 * They sign in through the user pool's API (secure remote password), so that there is no page of Cognito and no domain. Their
 * access tokens have the scope `aws.cognito.signin.user.admin` and no other.
 */
export class DocumentUsers extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly machineClients: readonly UserPoolClient[];
  /** Where machine clients get their tokens; undefined without any. */
  readonly tokenUrl: string | undefined;

  constructor(scope: Construct, id: string, props: DocumentUsersProps) {
    super(scope, id);
    const { config, machineClients } = props;
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: config.retainData,
      removalPolicy: dataRemovalPolicy(config),
    });
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
    });
    this.tokenUrl = machineClients.length === 0 ? undefined : `${this.addDomain().baseUrl()}/oauth2/token`;
    this.machineClients = machineClients.length === 0 ? [] : this.addMachineClients(machineClients);
    Validations.of(this.pool).acknowledge(
      {
        id: 'AwsSolutions::AwsSolutions-COG2',
        reason: 'A user may add a second factor. Requiring one is a decision about the users, who are not known here.',
      },
      {
        id: 'AwsSolutions::AwsSolutions-COG8',
        reason: 'The Plus plan costs 2 cents a user and month: a decision about the users, who are not known here.',
      },
    );
  }

  private addDomain(): UserPoolDomain {
    const { stackName, stackId } = Stack.of(this);
    // Unique in the region, and in lower case.
    const part = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', stackId))));
    return this.pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: Fn.join('-', [stackName.toLowerCase(), 'documents', part]) },
    });
  }

  /** Clients that get tokens with their own secret at the domain of the user pool. */
  private addMachineClients(wanted: RestApiSettings['machineClients']): UserPoolClient[] {
    const [read, write] = [
      new ResourceServerScope({ scopeName: 'read', scopeDescription: 'Reads documents' }),
      new ResourceServerScope({ scopeName: 'write', scopeDescription: 'Writes documents' }),
    ];
    const server = this.pool.addResourceServer('Documents', { identifier: 'documents', scopes: [read, write] });
    return wanted.map(
      ({ name, access }) =>
        new UserPoolClient(this, `Machine-${name}`, {
          userPool: this.pool,
          generateSecret: true,
          authFlows: {},
          oAuth: {
            flows: { clientCredentials: true },
            scopes: access.map((one) => OAuthScope.resourceServer(server, one === 'read' ? read : write)),
          },
          accessTokenValidity: Duration.hours(1),
          enableTokenRevocation: true,
        }),
    );
  }
}

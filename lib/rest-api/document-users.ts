import { Duration, Validations } from 'aws-cdk-lib';
import { AccountRecovery, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';

export interface DocumentUsersProps {
  readonly config: Config;
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

  constructor(scope: Construct, id: string, props: DocumentUsersProps) {
    super(scope, id);
    const { config } = props;
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
}

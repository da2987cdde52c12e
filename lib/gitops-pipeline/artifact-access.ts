import { Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { PrivateBucket } from '../constructs/private-bucket';

/** Allows a role these actions on the objects below a prefix. */
export function allowArtifacts(role: Role, artifacts: PrivateBucket, actions: readonly string[], prefix: string): void {
  role.addToPolicy(
    new PolicyStatement({ actions: [...actions], resources: [artifacts.bucket.arnForObjects(`${prefix}*`)] }),
  );
  Validations.of(role).acknowledge({
    id: artifacts.objectsFinding(prefix),
    reason: 'The keys begin with the ids of runs. What may be deployed is decided by digests and a signature.',
  });
}

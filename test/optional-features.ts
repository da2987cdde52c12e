import type { Settings } from '../scenarios/shared/scenario';

/**
 * Settings that are off by default and add resources or permissions, turned on together, by slug.
 *
 * Rules and gates check each template with and without them.
 */
export const optionalFeatures: Readonly<Record<string, Settings>> = {
  'image-resize': { input: { prefix: 'photos/' }, output: { bucket: 'upload', prefix: 'resized/' } },
  'queue-processor': { fifo: true, dashboard: true },
  'scheduled-backup': {
    sourceBucketName: 'my-data',
    sourceKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/0a1b2c3d',
    restoreTargets: ['another-bucket'],
    restoreTargetKeyArns: ['arn:aws:kms:us-east-1:111111111111:key/2c3d4e5f'],
    coldStorageAfterDays: 30,
    awsBackup: true,
  },
  'order-workflow': {
    senderEmail: 'orders@example.com',
    payment: {
      provider: 'https',
      url: 'https://payments.example.com/v1',
      secretArn: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:payments-Ab12Cd',
      secretKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/1b2c3d4e',
      idempotencySeconds: 86_400,
    },
    dashboard: true,
  },
  'database-access': { engine: 'mysql', multiAz: true, backupDays: 7, dashboard: true },
  'rest-api': {
    callerLimit: { requestsPerSecond: 10, burst: 20 },
    corsOrigins: ['https://app.example.com'],
    canary: true,
    machineClients: [{ name: 'nightly-report', access: ['read'] }],
    webAcl: true,
    accessLogs: true,
    dashboard: true,
  },
  'etl-pipeline': {
    datasets: [
      {
        name: 'prices',
        prefix: 'prices/',
        format: 'jsonl',
        columns: [{ name: 'sku', type: 'text', required: true }],
        primaryKey: ['sku'],
      },
    ],
    extract: { dataset: 'prices', url: 'https://api.example.com/prices', paging: { style: 'cursor' } },
    dashboard: true,
  },
  'document-renderer': { packaging: 's3-files', dashboard: true, largeRenders: 'fargate', largeRenderSpot: true },
  'stream-processor': { enhancedFanOut: true, onDemand: true, dashboard: true },
  'resource-tagger': {
    trail: { keepDays: 90 },
    webhooks: {
      slackSecretName: 'webhooks/slack',
      teamsSecretName: 'webhooks/teams',
      secretKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/3d4e5f6a',
    },
  },
  'gitops-pipeline': { executionPolicyArn: 'arn:aws:iam::111111111111:policy/deployments' },
  'volume-cleanup': {
    dryRun: false,
    regions: ['us-east-1', 'eu-west-1'],
    releaseAddresses: true,
    recycleBinDays: 7,
  },
  'approval-workflow': {
    senderEmail: 'machines@example.com',
    systemsManager: true,
    dashboard: true,
    startScripts: { docker: '#!/bin/sh\ndnf install -y docker\n' },
  },
};

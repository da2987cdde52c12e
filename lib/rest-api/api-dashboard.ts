import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { graph } from '../constructs/dashboard-graph';
import { routes } from './openapi';

export interface ApiDashboardProps {
  readonly api: RestApi;
  readonly serveDocuments: IFunction;
}

const period = Duration.minutes(5);

/** Dashboard: requests, refusals, failures and latency of the API, by route too, and the function behind it. */
export class ApiDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ApiDashboardProps) {
    super(scope, id);
    const { api, serveDocuments } = props;
    const stage = { ApiName: api.restApiName, Stage: api.deploymentStage.stageName };
    const ofApi = (metricName: string, statistic: string): Metric =>
      new Metric({ namespace: 'AWS/ApiGateway', metricName, statistic, period, dimensionsMap: stage });
    const byRoute = (metricName: string, statistic: string): IMetric[] =>
      routes.map(
        ({ method, path }) =>
          new Metric({
            ...{ namespace: 'AWS/ApiGateway', metricName, statistic, period, label: `${method} ${path}` },
            dimensionsMap: { ...stage, Method: method, Resource: path },
          }),
      );
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(24),
      widgets: [
        [
          graph('Requests, refusals, failures', [
            ofApi('Count', 'Sum'),
            ofApi('4XXError', 'Sum'),
            ofApi('5XXError', 'Sum'),
          ]),
          graph('Latency (ms)', [ofApi('Latency', 'p50'), ofApi('Latency', 'p99'), ofApi('IntegrationLatency', 'p99')]),
          graph('ServeDocuments', [
            serveDocuments.metricInvocations({ period }),
            serveDocuments.metricErrors({ period }),
            serveDocuments.metricThrottles({ period }),
          ]),
        ],
        [
          graph('Requests by route', byRoute('Count', 'Sum')),
          graph('Latency by route, p99 (ms)', byRoute('Latency', 'p99')),
          graph('Failures by route', byRoute('5XXError', 'Sum')),
        ],
      ],
    });
  }
}

import { GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** Graph of a third of a dashboard's width, whose axis begins at zero. */
export function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, leftYAxis: { min: 0 } });
}

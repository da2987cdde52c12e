import type { Engine } from '../../lambda/database-access/database-schema';

/** Properties of an instance class that alarms and monitoring depend on. */
export interface InstanceClassFacts {
  /** Undefined for a family that is not known here. */
  readonly memoryGibibytes: number | undefined;
  /** CPU credits that a burstable class earns in an hour; undefined for other classes. */
  readonly creditsPerHour: number | undefined;
}

/** Memory in GiB and CPU credits an hour of T3 and T4g. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
const burstable: Readonly<Record<string, readonly [memory: number, credits: number]>> = {
  micro: [1, 12],
  small: [2, 24],
  medium: [4, 24],
  large: [8, 36],
  xlarge: [16, 96],
  '2xlarge': [32, 192],
};

/** GiB of memory of the size `large`, which `xlarge` has twice, `2xlarge` four times, and so on. */
const memoryOfLarge: Readonly<Record<string, number>> = { m: 8, r: 16, x: 32 };

/** @param instanceClass without its prefix, such as `t4g.micro` */
export function instanceClassFacts(instanceClass: string): InstanceClassFacts {
  const [family = '', size = ''] = instanceClass.split('.');
  if (/^t[34]/.test(family)) {
    const [memoryGibibytes, creditsPerHour] = burstable[size] ?? [];
    return { memoryGibibytes, creditsPerHour };
  }
  const large = memoryOfLarge[family[0] ?? ''];
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const factor = size === 'large' ? 1 : size === 'xlarge' ? 2 : times === undefined ? undefined : 2 * Number(times);
  const memoryGibibytes = large === undefined || factor === undefined ? undefined : large * factor;
  return { memoryGibibytes, creditsPerHour: undefined };
}

/**
 * Whether Database Insights is offered: on PostgreSQL for every class, on MySQL not for the smallest.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html
 */
export function offersDatabaseInsights(engine: Engine, instanceClass: string): boolean {
  return engine === 'postgres' || !/^t(2|3|4g)\.(micro|small)$/.test(instanceClass);
}

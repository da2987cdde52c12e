import { loadSettings } from '../../../lib/config';
import { restApiSettings } from '../../../lib/rest-api/rest-api-settings';

const load = (settings: unknown) => loadSettings({ 'rest-api': settings }, 'rest-api', restApiSettings);

it.each([
  [{ timeoutSeconds: 29 }, 'rest-api.timeoutSeconds: received 29: use at most 28'],
  [{ memoryMegabytes: '256' }, 'rest-api.memoryMegabytes: received "256"'],
  [
    { canary: true, provisionedConcurrency: { minimum: 1, maximum: 2 } },
    'rest-api.canary: received true: leave it out, or provisionedConcurrency',
  ],
  [{ provisionedConcurrency: { minimum: 3, maximum: 2 } }, 'maximum: received 2: use at least 3'],
  [
    {
      provisionedConcurrency: {
        ...{ minimum: 1, maximum: 2 },
        schedules: [{ cron: '0 7 ? * MON-FRI *', minimum: 10, maximum: 5 }],
      },
    },
    'schedules.0.maximum: received 5: use at least 10',
  ],
  [{ machineClients: [1, 2].map(() => ({ name: 'a', access: ['read'] })) }, 'machineClients: received'],
  [{ corsOrigins: ['https://a.example.com/'] }, 'use an origin such as'],
  [{ timeout: 10 }, "unknown key 'timeout'"],
  [
    { requestsPerSecond: 50, usagePlan: { requestsPerSecond: 60 } },
    'rest-api.usagePlan.requestsPerSecond: received 60: use at most 50',
  ],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});

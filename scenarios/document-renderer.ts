import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';
import { hostileDataProof } from './document-renderer/hostile-data-proof';
import { givenUpTasksProof, largeDocumentsProof } from './document-renderer/large-documents-proof';
import { killsProof, mountedBrowserProof } from './document-renderer/kills-proof';
import { pagesProof } from './document-renderer/pages-proof';
import { refusedRequestsProof } from './document-renderer/refused-requests-proof';
import { renderedOnceProof } from './document-renderer/rendered-once-proof';
import { smokeTest } from './document-renderer/smoke-test';

const scenario: Scenario = {
  slug: 'document-renderer',
  smokeTest,
  proofs: [pagesProof, renderedOnceProof, refusedRequestsProof, hostileDataProof, killsProof, alarmsProof],
  // A killed attempt's lease lasts for its timeout.
  settings: {
    ...{ timeoutSeconds: 20, renderSeconds: 6, maxReceiveCount: 20 },
    // 100,000 rows reach the browser, which may have 384 MB.
    ...{ maximumDataBytes: 3_000_000, memoryMegabytes: 1_024, maximumPages: 20 },
  },
  variants: [
    {
      name: 'fargate',
      // The function is of the container's image.
      settings: {
        ...{ packaging: 'image', maximumPages: 3 },
        ...{ largeRenders: 'fargate', largeRenderSpot: true, largeRenderHeartbeatSeconds: 12 },
      },
      proofs: [
        largeDocumentsProof,
        givenUpTasksProof,
        {
          ...alarmsProof,
          name: 'large-alarms',
          title: 'every alarm of large documents notifies, and links to its runbook entry',
        },
      ],
    },
    { name: 'files', settings: { packaging: 's3-files' }, proofs: [mountedBrowserProof] },
  ],
};
export default scenario;
